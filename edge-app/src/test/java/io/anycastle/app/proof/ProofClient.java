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
    private static final String SHARED = "shared-";
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
                    (isShared ? SHARED + random.nextInt(SHARED_NAMES) : node.id() + "-" + random.nextInt(OWN_NAMES))
                            + ".proof.test";
            try {
                write(name, random.nextInt(4) == 0 ? Optional.empty() : Optional.of(value()));
            } catch (InterruptedException e) {
                return;
            }
            history.tried();
        }
    }

    private static String value() {
        int n = VALUES.incrementAndGet();
        return "10." + (n >> 16) + "." + (n >> 8 & 255) + "." + (n & 255);
    }

    private void write(String name, Optional<String> value) throws InterruptedException {
        Found found;
        try {
            found = find(name);
        } catch (IOException | DecodeException e) {
            pause();
            return; // nothing was sent
        }
        if (found.id.isEmpty() && value.isEmpty()) {
            return;
        }
        long begun = System.nanoTime();
        Outcome outcome = send(found, name, value);
        history.add(new Write(name, value, begun, System.nanoTime(), outcome));
        if (outcome != Outcome.ACKNOWLEDGED) {
            pause();
        }
    }

    /** @param version the zone's before that was looked for; empty where it does not matter */
    private record Found(Optional<String> id, String version) {}

    private Found find(String name) throws IOException, InterruptedException {
        String version =
                name.startsWith(SHARED) ? node.call("GET", "/zones/" + zone, "").version() : "";
        JsonArray found = node.call("GET", "/zones/" + zone + "/dns_records?type=A&name=" + name, "")
                .results();
        return new Found(
                found.isEmpty()
                        ? Optional.empty()
                        : Optional.of(found.getJsonObject(0).getString("id")),
                version);
    }

    private Outcome send(Found found, String name, Optional<String> value) throws InterruptedException {
        String records = "/zones/" + zone + "/dns_records";
        try {
            ProofNode.Answer answer;
            if (value.isEmpty()) {
                answer = node.call("DELETE", records + "/" + found.id.orElseThrow(), "");
            } else {
                String body = new JsonObject()
                        .put("type", "A")
                        .put("name", name)
                        .put("content", value.get())
                        .encode();
                // Who adds to a shared name wants that nobody has done so meanwhile: both records would stand there.
                answer = found.id.isPresent()
                        ? node.call("PUT", records + "/" + found.id.get(), body)
                        : node.call("POST", records, body, found.version);
            }
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
