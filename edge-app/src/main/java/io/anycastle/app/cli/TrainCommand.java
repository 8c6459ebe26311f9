package io.anycastle.app.cli;

import io.anycastle.app.demo.Demo;
import io.anycastle.app.demo.DemoPorts;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import picocli.CommandLine.Command;

/** {@code edge train}: lives a short life of a node, so that the JVM can note what the start-up cache should hold. */
@Command(name = "train", hidden = true, description = "Starts a node, asks it a little, and stops it.")
final class TrainCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Environment environment;

    TrainCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws Exception {
        try (Demo demo = Demo.start(new DemoPorts(0, 0, 0))) {
            ask(demo.node().dnsAddresses().getFirst(), "blog.example.com.");
            ask(demo.node().dnsAddresses().getFirst(), "shop.example.com.");
            fetch(demo.node().proxyAddresses().getFirst());
            InetSocketAddress admin = demo.node().adminAddresses().getFirst();
            String server = "http://" + admin.getHostString() + ":" + admin.getPort();
            for (String[] command : new String[][] {{"status"}, {"zone", "list"}, {"record", "list", "example.com"}}) {
                String[] arguments = java.util.stream.Stream.concat(
                                java.util.Arrays.stream(command),
                                java.util.stream.Stream.of("--server", server, "--token", demo.token()))
                        .toArray(String[]::new);
                if (EdgeCommand.run(environment, arguments) != 0) {
                    throw Failure.of("training failed at " + String.join(" ", command));
                }
            }
        }
        return 0;
    }

    private static void ask(InetSocketAddress server, String name) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            Message query = Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN));
            byte[] wire = query.toWire();
            socket.send(new DatagramPacket(wire, wire.length, server));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            socket.receive(answer);
        } catch (IOException e) {
            throw new UncheckedIOException("training failed at DNS", e);
        }
    }

    private static void fetch(InetSocketAddress proxy) {
        Vertx vertx = Vertx.vertx();
        try {
            HttpResponse<Buffer> response = WebClient.create(vertx)
                    .request(HttpMethod.GET, proxy.getPort(), proxy.getHostString(), "/")
                    .virtualHost("blog.example.com")
                    .send()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            if (response.statusCode() != 200) {
                throw Failure.of("training failed at HTTP: " + response.statusCode());
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
