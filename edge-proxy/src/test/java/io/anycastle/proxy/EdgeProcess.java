package io.anycastle.proxy;

import io.anycastle.core.geo.GeoConfig;
import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.listen.ClientLimits;
import io.anycastle.proxy.listen.ClientRates;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.log.AccessLogConfig;
import io.anycastle.proxy.log.LogTarget;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** A process of its own with a proxy on loopback, for what is settled once in the life of a JVM. */
final class EdgeProcess implements AutoCloseable {
    private static final String READY = "ready on ports ";
    private static final String END = "it ended";

    private static final String LEAKS = "-Dio.netty.leakDetection.level=paranoid";

    private final Process process;
    private final BlockingQueue<String> unheard = new LinkedBlockingQueue<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final int plainPort;
    private final int tlsPort;

    EdgeProcess() throws IOException {
        this(0, Path.of(""), Path.of(""));
    }

    /**
     * One with a site, a.example.com, and an access log.
     *
     * @param originPort on loopback
     * @param countries a GeoIP file, with which limits of client networks are on too, which nobody reaches; an empty path for none of that
     */
    EdgeProcess(int originPort, Path accessLog, Path countries) throws IOException {
        this(List.of(), Integer.toString(originPort), accessLog.toString(), countries.toString());
    }

    private EdgeProcess(List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EdgeProcess.class.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread.ofPlatform().daemon().start(this::listen); // a virtual one would keep its carrier while it reads a pipe
        String[] ports = said(READY).split(" ");
        plainPort = Integer.parseInt(ports[0]);
        tlsPort = Integer.parseInt(ports[1]);
    }

    /** One with that site whose every buffer is watched until it is released, and which waits for nobody longer than a few seconds. */
    static EdgeProcess watchingBuffers(int originPort) throws IOException {
        return new EdgeProcess(List.of(LEAKS, "-Xmx256m"), Integer.toString(originPort), "", "");
    }

    private void listen() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(unheard::add);
        } catch (IOException | UncheckedIOException e) {
            unheard.add(e.toString()); // it was ended
        }
        unheard.add(END);
    }

    private String said(String word) throws IOException {
        try {
            for (String line = unheard.take(); !line.equals(END); line = unheard.take()) {
                if (line.startsWith(word)) {
                    return line.substring(word.length());
                }
                log.add(line);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        throw new AssertionError("it ended: " + log);
    }

    /** What it has printed until its last answer, beside its answers. */
    List<String> log() {
        return List.copyOf(log);
    }

    int plainPort() {
        return plainPort;
    }

    int tlsPort() {
        return tlsPort;
    }

    /** How many classes it has loaded so far. */
    long classes() throws IOException {
        return ask("classes");
    }

    /** What is in use of its heap after a full collection, and outside of it, in octets. */
    long memory() throws IOException {
        return ask("memory");
    }

    /** What its event loops have allocated so far, in octets, by the JVM's own counters. */
    long allocated() throws IOException {
        return ask("allocated");
    }

    /** How many connections of clients stand. */
    long connections() throws IOException {
        return ask("connections");
    }

    /** How many sockets it has open, listeners among them. */
    long sockets() throws IOException {
        return ask("sockets");
    }

    /** Collects garbage and takes buffers, upon which Netty tells of those that were lost. */
    void tellOfLostBuffers() throws IOException {
        ask("collect");
    }

    /** Loses a buffer. */
    void loseBuffer() throws IOException {
        ask("lose");
    }

    private long ask(String what) throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append(what).append('\n').flush();
        return Long.parseLong(said(what + " "));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) throws Exception {
        TestCertificate pem = TestCertificate.create("a.example.com");
        Edge edge = Edge.onNativeTransport().listeners(ListenerConfig.plain("127.0.0.1", 0), pem.listener());
        int originPort = Integer.parseInt(arguments[0]);
        if (LEAKS.endsWith(System.getProperty("io.netty.leakDetection.level", "not watched"))) {
            hurry(edge.site("example.com", "+a.example.com A 192.0.2.1").origin("192.0.2.1", originPort));
        } else if (originPort > 0) {
            edge.site("example.com", "+a.example.com A 192.0.2.1")
                    .origin("192.0.2.1", originPort)
                    .accessLog(log(Path.of(arguments[1])));
        }
        if (!arguments[2].isEmpty()) {
            edge.geo(new GeoConfig(Optional.of(Path.of(arguments[2])), Optional.empty(), Duration.ofMinutes(1)))
                    .rates(new ClientRates(1_000_000, 1 << 30, Duration.ofMinutes(1), 65_536, List.of()));
        }
        edge.start();
        var listeners = edge.service().listeners();
        System.out.println(
                READY + listeners.get(0).port() + " " + listeners.get(1).port());
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            System.out.println(line + " "
                    + switch (line) {
                        case "classes" ->
                            ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount();
                        case "connections" -> edge.counters().connectionsOpen();
                        case "sockets" -> ProcessMemory.sockets();
                        case "collect" -> ProcessMemory.collectBuffers();
                        case "lose" -> PooledByteBufAllocator.DEFAULT.buffer().readableBytes();
                        case "memory" -> ProcessMemory.used();
                        case "allocated" -> ProcessMemory.allocatedByEventLoops();
                        default -> throw new IllegalArgumentException(line);
                    });
        }
    }

    private static void hurry(Edge edge) {
        Duration patience = Duration.ofSeconds(4);
        ClientLimits usual = ClientLimits.DEFAULTS;
        edge.tls(OriginTlsMode.FLEXIBLE)
                .originTimes(patience, patience, patience, patience)
                .clients(new ClientLimits(
                        patience,
                        usual.idle(),
                        patience,
                        patience,
                        patience,
                        Duration.ofSeconds(1),
                        usual.connectionsMax(),
                        usual.connectionsPerPrefixMax(),
                        usual.prefixV4(),
                        usual.prefixV6()));
    }

    private static AccessLogConfig log(Path file) {
        AccessLogConfig defaults = AccessLogConfig.DEFAULTS;
        return new AccessLogConfig(
                true,
                LogTarget.FILE,
                file,
                defaults.fileBytesMax(),
                defaults.filesKept(),
                defaults.syslog(),
                defaults.queueBytesMax(),
                defaults.delay());
    }
}
