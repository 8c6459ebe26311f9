package io.anycastle.app.cluster;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.Document;
import io.anycastle.core.store.EdgeStore;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.view.ViewChange;
import io.anycastle.core.view.ViewListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The account's documents in the record store. */
public final class StoreDocuments implements ClusterDocuments {
    private static final int RACES_MAX = 20;
    /** How long a change waits for the cluster layer of a node that has just started. */
    private static final Duration START_MAX = Duration.ofSeconds(15);

    private final EdgeStore store;

    /** The account's version as last heard; a wrong one costs one more round. */
    private volatile long version;

    /** As of the last commit: the view itself shows a change only after its followers were told. */
    private volatile Map<String, String> current = Map.of();

    private final List<Runnable> followers = new CopyOnWriteArrayList<>();

    public StoreDocuments(EdgeStore store) {
        this.store = store;
        store.view().follow(new ViewListener() {
            @Override
            public Runnable prepare(ViewChange change) {
                return () -> {};
            }

            @Override
            public Runnable prepare(Account account) {
                Map<String, String> next = texts(account);
                return () -> {
                    current = next;
                    followers.forEach(Runnable::run);
                };
            }
        });
    }

    private static Map<String, String> texts(Account account) {
        Map<String, String> texts = new HashMap<>();
        for (Document document : account.documents().values()) {
            document.json().ifPresent(json -> texts.put(document.key(), json));
        }
        return Map.copyOf(texts);
    }

    @Override
    public Map<String, String> all() {
        return current;
    }

    @Override
    public <T> Outcome<T> change(Function<Map<String, String>, Plan<T>> plan) {
        awaitMembership();
        for (int race = 0; race < RACES_MAX; race++) {
            long expected = version;
            Plan<T> planned = plan.apply(all());
            if (planned.edits().isEmpty()) {
                return new Outcome.Done<>(planned.result());
            }
            switch (store.apply(new ChangeSet(Account.ZONE, OptionalLong.of(expected), edits(planned)))) {
                case ChangeOutcome.Applied applied -> {
                    version = applied.state().zone().version();
                    return new Outcome.Done<>(planned.result());
                }
                case ChangeOutcome.VersionConflict conflict -> version = conflict.currentVersion();
                case ChangeOutcome.Invalid invalid -> {
                    return new Outcome.Failed<>(
                            invalid.errors().getFirst().error().sentence());
                }
                case ChangeOutcome.Unavailable unavailable -> {
                    return new Outcome.Failed<>(unavailable.reason());
                }
                case ChangeOutcome.Unknown unknown -> {
                    return new Outcome.Failed<>("nobody knows whether it was done: " + unknown.reason());
                }
            }
        }
        return new Outcome.Failed<>("the account's documents are written too often elsewhere");
    }

    /** A node writes of itself as soon as it has started; where it cannot, the store says why. */
    private void awaitMembership() {
        try {
            store.awaitMembership(START_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Edit> edits(Plan<?> plan) {
        List<Edit> edits = new ArrayList<>();
        plan.edits()
                .forEach((key, json) -> edits.add(json.<Edit>map(text -> new Edit.PutDocument(key, text))
                        .orElseGet(() -> new Edit.DeleteDocument(key))));
        return edits;
    }

    @Override
    public void follow(Runnable listener) {
        followers.add(listener);
    }
}
