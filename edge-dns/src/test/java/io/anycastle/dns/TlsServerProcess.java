package io.anycastle.dns;

import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.tls.CertificateFiles;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A process of its own that answers DNS in TLS on loopback, for what is settled once in the life of a JVM. */
final class TlsServerProcess {
    private static final String READY = "ready on port ";

    private TlsServerProcess() {}

    /** Starts it with those options of the JVM. */
    static Process start(CertificateFiles files, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(options));
        command.addAll(List.of(
                TlsServerProcess.class.getName(),
                files.certificate().toString(),
                files.key().toString()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Where it answers, once it does. */
    static InetSocketAddress address(Process server) throws IOException {
        return addresses(server).getFirst();
    }

    /** Where it answers in TLS and over HTTPS, once it does. */
    static List<InetSocketAddress> addresses(Process server) throws IOException {
        BufferedReader output = server.inputReader(StandardCharsets.UTF_8);
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(READY)) {
                return Arrays.stream(line.substring(READY.length()).split(" "))
                        .map(port -> loopback(Integer.parseInt(port)))
                        .toList();
            }
            said.add(line);
        }
        throw new AssertionError("it ended: " + said);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    /** Arguments: the files of certificate and key. */
    public static void main(String[] arguments) throws Exception {
        CertificateFiles files = new CertificateFiles(Path.of(arguments[0]), Path.of(arguments[1]));
        DnsConfig config = DnsConfig.DEFAULTS
                .withListen(List.of(loopback(0)))
                .withTls(TlsConfig.DEFAULTS.with(files, List.of(loopback(0))))
                .withHttps(HttpsConfig.DEFAULTS.withListen(List.of(loopback(0)), List.of()));
        DnsService service =
                DnsService.start(Vertx.vertx(), config, new CurrentView()).await();
        System.out.println(READY + port(service, Transport.DOT) + " " + port(service, Transport.DOH));
        Thread.sleep(Long.MAX_VALUE);
    }

    private static int port(DnsService service, Transport transport) {
        return ServedZone.address(service, transport).getPort();
    }
}
