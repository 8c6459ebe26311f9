package io.anycastle.core.resolve;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.RecordType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that has no IPv6. It asks for each name's A records in turn, has room for one question at a time, and tells each reply. */
final class HostWithoutIpv6 {
    private static final int PORT = 53;

    private HostWithoutIpv6() {}

    /** @param args the IPv6 server that is asked first, the port of the one on loopback that is asked next (0: none), the names */
    public static void main(String[] args) throws Exception {
        List<InetSocketAddress> servers = new ArrayList<>();
        servers.add(new InetSocketAddress(InetAddress.ofLiteral(args[0]), PORT));
        int port = Integer.parseInt(args[1]);
        if (port != 0) {
            servers.add(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        }
        RecursiveServers asked = new RecursiveServers(
                ResolveConfig.DEFAULTS.withServers(servers).withQuestionsMax(1), new ResolveCounters());
        for (int i = 2; i < args.length; i++) {
            System.out.println(asked.ask(DomainName.of(args[i]), RecordType.A.code())
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS));
        }
    }

    /** What such a process tells, a line for each name. */
    static List<String> tells(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.net.preferIPv4Stack=true",
                "-cp",
                System.getProperty("java.class.path"),
                HostWithoutIpv6.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            if (!process.waitFor(Duration.ofSeconds(60))) {
                throw new IOException("it does not end");
            }
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }
}
