package io.anycastle.app.proof;

import io.anycastle.app.proof.History.Outcome;
import io.anycastle.app.proof.History.Write;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes unique values through one node, again and again: names of its own and names that all clients share. */
final class ProofClient implements Runnable {
    private static final int OWN_NAMES = 30;
    private static final int SHARED_NAMES = 5;
    private static final AtomicInteger VALUES = new AtomicInteger();

    private final ProofNode node;
    private final String zone;
    private final History history;
    private final Random random;
    private volatile boolean isStopping;

    ProofClient(ProofNode node, String zone, History history, long seed) {
        this.node = node;
        this.zone = zone;
        this.history = history;
        random = new Random(seed);
    }

    void stop() {
        isStopping = true;
    }

    @Override
    public void run() {
        while (!isStopping && !Thread.currentThread().isInterrupted()) {
            boolean isShared = random.nextInt(4) == 0;
            String name =
                    (isShared ? "shared-" + random.nextInt(SHARED_NAMES) : node.id() + "-" + random.nextInt(OWN_NAMES))
                            + ".proof.test";
            try {
                write(name, random.nextInt(4) == 0 ? Optional.empty() : Optional.of(value()));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static String value() {
        int n = VALUES.incrementAndGet();
        return "10." + (n >> 16) + "." + (n >> 8 & 255) + "." + (n & 255);
    }

    private void write(String name, Optional<String> value) throws InterruptedException {
        Optional<String> id;
        try {
            id = find(name);
        } catch (IOException | DecodeException e) {
            pause();
            return; // nothing was sent
        }
        if (id.isEmpty() && value.isEmpty()) {
            return;
        }
        long begun = System.nanoTime();
        Outcome outcome = send(id, name, value);
        history.add(new Write(name, value, begun, System.nanoTime(), outcome));
        if (outcome != Outcome.ACKNOWLEDGED) {
            pause();
        }
    }

    private Optional<String> find(String name) throws IOException, InterruptedException {
        JsonArray found = node.call("GET", "/zones/" + zone + "/dns_records?type=A&name=" + name, "")
                .results();
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(found.getJsonObject(0).getString("id"));
    }

    private Outcome send(Optional<String> id, String name, Optional<String> value) throws InterruptedException {
        String path = "/zones/" + zone + "/dns_records" + id.map(i -> "/" + i).orElse("");
        try {
            ProofNode.Answer answer = value.isEmpty()
                    ? node.call("DELETE", path, "")
                    : node.call(
                            id.isPresent() ? "PUT" : "POST",
                            path,
                            new JsonObject()
                                    .put("type", "A")
                                    .put("name", name)
                                    .put("content", value.get())
                                    .encode());
            return answer.status() == 200
                    ? Outcome.ACKNOWLEDGED
                    : answer.isUnknown() ? Outcome.UNKNOWN : Outcome.REFUSED;
        } catch (ConnectException e) {
            return Outcome.REFUSED; // nobody took the request
        } catch (IOException | DecodeException e) {
            return Outcome.UNKNOWN;
        }
    }

    /** A node that refuses is asked again soon, not at once. */
    private void pause() throws InterruptedException {
        synchronized (this) {
            long until = System.nanoTime() + 200_000_000L;
            for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
                wait(1 + left / 1_000_000);
            }
        }
    }
}
