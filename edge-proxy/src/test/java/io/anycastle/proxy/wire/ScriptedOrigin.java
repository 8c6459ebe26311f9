package io.anycastle.proxy.wire;

import io.anycastle.proxy.RawClient;
import io.anycastle.proxy.RawOrigin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An origin of HTTP/1.1 that does for each path what a test says, and remembers the heads that it saw. */
final class ScriptedOrigin implements AutoCloseable {
    /** What it does with a request whose head it has read; afterwards it reads the next one. */
    interface Script {
        void play(RawClient peer, String head) throws Exception;
    }

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    private final AtomicInteger last = new AtomicInteger();
    private final RawOrigin origin;

    ScriptedOrigin() throws IOException {
        origin = new RawOrigin(connection -> {
            while (true) {
                String head = connection.readHead();
                heads.add(head);
                Script script = scripts.get(head.split(" ", 3)[1]);
                if (script == null) {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                } else {
                    script.play(connection.peer(), head);
                }
            }
        });
    }

    int port() {
        return origin.port();
    }

    /** The path by which a script is asked for. */
    String on(Script script) {
        String path = "/" + last.incrementAndGet();
        scripts.put(path, script);
        return path;
    }

    /** The same for one that sends an answer at once. */
    String answering(String message) {
        return on((peer, head) -> peer.send(message));
    }

    /** The lines of the next head, names in lower case, without what tells of the wire and of the request's number. */
    List<String> nextHead() throws InterruptedException {
        String head = heads.poll(20, TimeUnit.SECONDS);
        if (head == null) {
            throw new AssertionError("the origin is not asked");
        }
        List<String> lines = new ArrayList<>();
        for (String line : head.strip().split("\r\n")) {
            int colon = line.indexOf(": ");
            boolean isField = colon > 0 && line.indexOf(' ') > colon;
            lines.add(isField ? line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon) : line);
        }
        return lines;
    }

    /** How many heads it saw that nobody has looked at. */
    int unseen() {
        return heads.size();
    }

    void forget() {
        heads.clear();
        scripts.clear();
    }

    @Override
    public void close() throws IOException {
        origin.close();
    }
}
