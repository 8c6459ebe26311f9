package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.cli.Screen;
import io.anycastle.app.config.DnsGuardKeys;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** A node that is asked for many made-up names of a zone says so where its operator looks. */
final class FloodedZoneNodeTest {
    private static final int NAMES_AT_A_TIME = 50;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private int made;

    @Test
    void a_zone_that_is_flooded_with_made_up_names_stands_in_status_until_it_is_over() throws IOException {
        try (TestNode node = TestNode.start(
                        folder,
                        config -> config.with(DnsGuardKeys.RANDOM_NAMES, 20)
                                .with(DnsGuardKeys.RANDOM_WINDOW, Duration.ofSeconds(1)));
                DatagramSocket client =
                        new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
            client.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
            node.addZone("quiet.test");
            node.addZone("flooded.test");
            Screen screen = node.screen(folder);
            InetSocketAddress dns = node.node().dnsAddresses().getFirst();
            assertThat(screen.run("status").out()).doesNotContain("made-up");

            AtomicReference<String> shown = new AtomicReference<>("");
            TestNode.await("told for people", () -> {
                flood(client, dns);
                shown.set(screen.run("status").out());
                return shown.get().contains("made-up");
            });
            assertThat(shown.get())
                    .containsPattern("\nFlooded with made-up names .*\nflooded\\.test\\. +\\d+ +about \\d+\n");
            AtomicReference<JsonArray> told = new AtomicReference<>(new JsonArray());
            TestNode.await("told for scripts", () -> {
                flood(client, dns);
                told.set(floods(screen));
                return !told.get().isEmpty();
            });
            assertThat(told.get()).hasSize(1);
            JsonObject flood = told.get().getJsonObject(0);
            assertThat(flood.getString("name")).isEqualTo("flooded.test.");
            assertThat(flood.getLong("names_per_second")).isBetween(20L, flood.getLong("denials_per_second"));

            TestNode.await("over", () -> floods(screen).isEmpty());
            assertThat(screen.run("status").out()).doesNotContain("made-up");
        }
    }

    private static JsonArray floods(Screen screen) {
        return new JsonObject(screen.run("status", "--json").out()).getJsonArray("flooded_zones");
    }

    private void flood(DatagramSocket client, InetSocketAddress dns) {
        try {
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            for (int i = 0; i < NAMES_AT_A_TIME; i++) {
                byte[] query = query("n" + made++ + ".flooded.test.");
                client.send(new DatagramPacket(query, query.length, dns));
                client.receive(answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] query(String name) throws TextParseException {
        return Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN))
                .toWire();
    }
}
