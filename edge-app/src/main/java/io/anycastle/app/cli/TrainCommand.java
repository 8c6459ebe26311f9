package io.anycastle.app.cli;

import io.anycastle.app.api.AdminToken;
import io.anycastle.app.demo.Demo;
import io.anycastle.app.demo.DemoPorts;
import io.anycastle.app.lifecycle.EdgeNode;
import io.anycastle.app.lifecycle.EventLoops;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import picocli.CommandLine.Command;

/** {@code edge train}: lives short lives of nodes, so that the JVM can note what the start-up cache should hold. */
@Command(
        name = "train",
        description =
                "Makes the start-up cache of this machine's JVM: starts nodes, asks them a little, and stops them.")
final class TrainCommand extends ShellCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int LARGE_ZONE_NAMES = 50_000;
    private static final int STARTS_FROM_DISK = 2;
    /** So that the JVM notes what a busy proxy runs, and compiles it first of all. */
    private static final int ROUNDS = 400;

    private static final int VISITORS = 32;
    private static final String CONFIG = """
            data: DATA
            edge:
              addresses: [203.0.113.7, "2001:db8::7"]
            zones:
              name-servers: [ns1.example.net, ns2.example.net]
            dns:
              listen: [{address: 127.0.0.1, port: 0}]
            http:
              listen: [{address: 127.0.0.1, port: 0, public-port: 80}]
            admin:
              listen: [{address: 127.0.0.1, port: 0}]
            cluster:
              port: 0
            """;

    TrainCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() throws Exception {
        PrintStream shown = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        try (Demo demo = new Demo(new DemoPorts(0, 0, 0))) {
            new UntilStopped(demo).run(() -> train(demo));
        } finally {
            System.setErr(shown);
        }
        return 0;
    }

    private void train(Demo demo) throws IOException {
        demo.start();
        ask(demo.node(), "blog.example.com.");
        ask(demo.node(), "shop.example.com.");
        for (HttpVersion version : List.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)) {
            fetch(demo.node().proxyAddresses().getFirst(), version);
        }
        commands(demo.node(), demo.token(), "status", "zone list", "record list example.com");
        runAgainAndAgain(demo);
    }

    /**
     * As {@code edge run} does it: from a file, first with nothing on the disk and then with a journal to read. It holds a zone that is
     * large enough for the JVM to compile what a start from disk is made of; the cache remembers what to compile.
     */
    private void runAgainAndAgain(Demo demo) throws IOException {
        Path folder = demo.folder().resolve("train");
        Files.createDirectories(folder);
        Path file = Files.writeString(
                folder.resolve("edge.yml"),
                CONFIG.replace("DATA", folder.resolve("data").toString()));
        NodeRun run = new NodeRun(file, null);
        try (EdgeNode node = demo.add(() -> run.start(environment()))) {
            String token = AdminToken.readFrom(folder.resolve("data")).orElseThrow();
            commands(node, token, "zone add example.com", "record add www.example.com A 192.0.2.1 --proxied");
            commands(node, token, "zone import " + largeZone(folder));
        }
        for (int again = 0; again < STARTS_FROM_DISK; again++) {
            try (EdgeNode node = demo.add(() -> run.start(environment()))) {
                ask(node, "www.example.com.");
                ask(node, "h1.large.example.");
            }
        }
    }

    private static Path largeZone(Path folder) throws IOException {
        StringBuilder text = new StringBuilder("$ORIGIN large.example.\n$TTL 300\n");
        for (int i = 0; i < LARGE_ZONE_NAMES; i++) {
            String data = switch (i % 10) {
                case 6 -> "AAAA 2001:db8::" + Integer.toHexString(i & 0xffff);
                case 7 -> "MX 10 h" + (i - 1) + ".large.example.";
                case 8 -> "CNAME target" + i % 100 + ".elsewhere.example.";
                case 9 -> "TXT \"v=spf1 ip4:192.0.2." + i % 256 + " -all\"";
                default -> "A 192.0.2." + i % 256;
            };
            text.append('h').append(i).append(" IN ").append(data).append('\n');
        }
        return Files.writeString(folder.resolve("large.example.zone"), text);
    }

    private void commands(EdgeNode node, String token, String... commands) {
        InetSocketAddress admin = node.adminAddresses().getFirst();
        String server = "http://" + admin.getHostString() + ":" + admin.getPort();
        StringWriter said = new StringWriter();
        Environment unseen = new Environment(
                environment().variables(),
                environment().folder(),
                new PrintWriter(Writer.nullWriter()),
                new PrintWriter(said, true));
        for (String command : commands) {
            if (EdgeCommand.run(unseen, (command + " --server " + server + " --token " + token).split(" ")) != 0) {
                throw CommandException.of(
                        "training failed at " + command + ": " + said.toString().strip());
            }
        }
    }

    private static void ask(EdgeNode node, String name) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            Message query = Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN));
            byte[] wire = query.toWire();
            socket.send(
                    new DatagramPacket(wire, wire.length, node.dnsAddresses().getFirst()));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            socket.receive(answer);
        } catch (IOException e) {
            throw new UncheckedIOException("training failed at DNS", e);
        }
    }

    /** As visitors do, so many at a time. */
    private static void fetch(InetSocketAddress proxy, HttpVersion version) {
        Vertx vertx = Vertx.vertx(EventLoops.withoutFolder());
        WebClientOptions options =
                new WebClientOptions().setProtocolVersion(version).setHttp2ClearTextUpgrade(false);
        WebClient client = WebClient.create(
                vertx, options, new PoolOptions().setHttp1MaxSize(VISITORS).setHttp2MaxSize(2));
        try {
            for (int round = 0; round < ROUNDS; round++) {
                List<Future<HttpResponse<Buffer>>> answers = Stream.generate(
                                () -> client.request(HttpMethod.GET, proxy.getPort(), proxy.getHostString(), "/")
                                        .virtualHost("blog.example.com")
                                        .send())
                        .limit(VISITORS)
                        .toList();
                Future.all(answers).toCompletionStage().toCompletableFuture().join();
                for (Future<HttpResponse<Buffer>> answer : answers) {
                    if (answer.result().statusCode() != 200) {
                        throw CommandException.of(
                                "training failed at HTTP: " + answer.result().statusCode());
                    }
                }
            }
        } finally {
            client.close(); // held until here: one that nobody holds may close under its request
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
