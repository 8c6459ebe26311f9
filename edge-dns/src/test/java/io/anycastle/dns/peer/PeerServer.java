package io.anycastle.dns.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.Rcode;

/** A running peer: a process of its own on a free port of loopback, with a folder of its own. */
final class PeerServer implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(30);

    private final Peer peer;
    private final Process process;
    private final Path log;
    private final QuerySource source;

    /** The log as it was read last. */
    private String logged = "";

    private PeerServer(Peer peer, Process process, Path log, QuerySource source) {
        this.peer = peer;
        this.process = process;
        this.log = log;
        this.source = source;
    }

    /**
     * Starts the program and waits until it answers for every zone.
     *
     * @param zones the master file of each
     * @param doubtful those of zones that it may refuse
     */
    static PeerServer start(Peer peer, Path folder, Map<String, Path> zones, Map<String, Path> doubtful)
            throws IOException, InterruptedException {
        int port = freePort();
        Files.createDirectories(folder);
        Map<String, Path> all = new LinkedHashMap<>(zones);
        all.putAll(doubtful);
        Path config = Files.writeString(folder.resolve(peer.program() + ".conf"), peer.config(folder, port, all));
        Path log = folder.resolve(peer.program() + ".log");
        Process process = new ProcessBuilder(peer.command(peer.installed().orElseThrow(), config))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        PeerServer server = new PeerServer(
                peer, process, log, new QuerySource(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        try {
            server.awaitZones(zones);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void awaitZones(Map<String, Path> zones) throws IOException, InterruptedException {
        long end = System.nanoTime() + START_MAX.toNanos();
        for (String zone : zones.keySet()) {
            Question soa = Question.plain(zone + ".", "SOA");
            while (!isServed(soa)) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException(
                            peer + " does not serve " + zone + ":\n" + Files.readString(log, StandardCharsets.UTF_8));
                }
                process.waitFor(20, TimeUnit.MILLISECONDS); // until it ends, or it is time to ask again
            }
        }
    }

    /** Which of these it serves, known as soon as its log tells of all others that they are refused. */
    Set<String> served(Set<String> doubtful) throws IOException, InterruptedException {
        Set<String> served = new LinkedHashSet<>();
        for (String zone : doubtful) {
            long end = System.nanoTime() + START_MAX.toNanos();
            Question soa = Question.plain(zone + ".", "SOA");
            boolean isServed = isServed(soa);
            while (!isServed && !isRefused(zone)) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException(peer + " neither serves nor refuses " + zone);
                }
                process.waitFor(20, TimeUnit.MILLISECONDS);
                isServed = isServed(soa);
            }
            if (isServed) {
                served.add(zone);
            }
        }
        return served;
    }

    private boolean isRefused(String zone) throws IOException {
        String refusal = peer.refusal(zone);
        if (!logged.contains(refusal)) {
            logged = Files.readString(log, StandardCharsets.UTF_8);
        }
        return logged.contains(refusal);
    }

    private boolean isServed(Question soa) {
        try {
            return Told.of(source.ask(soa)).rcode() == Rcode.NOERROR;
        } catch (IOException e) {
            return false;
        }
    }

    Peer peer() {
        return peer;
    }

    QuerySource source() {
        return source;
    }

    /** Below the ports that the system gives to connections: it stays free until the program opens it. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 30_000);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException e) {
                // taken: another one
            }
        }
    }

    /** Ends the program and what it started. */
    @Override
    public void close() throws IOException {
        source.close();
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        process.onExit()
                .orTimeout(5, TimeUnit.SECONDS)
                .exceptionally(_ -> process.destroyForcibly())
                .join();
    }
}
