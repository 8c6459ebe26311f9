package io.anycastle.proxy;

import io.anycastle.core.geo.GeoConfig;
import io.anycastle.proxy.listen.ClientRates;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.log.AccessLogConfig;
import io.anycastle.proxy.log.LogTarget;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A process of its own with a proxy on loopback, for what is settled once in the life of a JVM. */
final class EdgeProcess implements AutoCloseable {
    private static final String READY = "ready on ports ";

    private final Process process;
    private final BufferedReader output;
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
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EdgeProcess.class.getName(),
                        Integer.toString(originPort),
                        accessLog.toString(),
                        countries.toString())
                .redirectErrorStream(true)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
        String[] ports = said(READY).split(" ");
        plainPort = Integer.parseInt(ports[0]);
        tlsPort = Integer.parseInt(ports[1]);
    }

    private String said(String word) throws IOException {
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(word)) {
                return line.substring(word.length());
            }
            said.add(line);
        }
        throw new AssertionError("it ended: " + said);
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
        if (originPort > 0) {
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
                        case "memory" -> ProcessMemory.used();
                        case "allocated" -> ProcessMemory.allocatedByEventLoops();
                        default -> throw new IllegalArgumentException(line);
                    });
        }
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
