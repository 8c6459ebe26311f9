package io.anycastle.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.TestNode;
import io.anycastle.app.api.AdminToken;
import io.anycastle.app.cli.Screen.Shown;
import io.anycastle.core.store.Restoration;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code edge backup} and {@code edge restore} against running nodes. */
final class BackupCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private static void assertFails(Shown shown, String line) {
        assertThat(shown.code()).isEqualTo(1);
        assertThat(shown.err().lines())
                .singleElement()
                .asString()
                .startsWith("edge: ")
                .contains(line);
    }

    private static String export(TestNode node, String zone) {
        return node.export(zone)
                .lines()
                .filter(line -> !line.contains("SOA") && !line.startsWith(";"))
                .toList()
                .toString();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void the_store_is_written_beside_a_writer_and_restored_into_a_fresh_node() throws Exception {
        try (TestNode first = TestNode.start(folder.resolve("first"));
                TestNode second = TestNode.start(folder.resolve("second"))) {
            String zone = first.addZone("backed.test");
            String record = first.addRecord(zone, "www", "A", "192.0.2.7").getString("id");
            AtomicBoolean isEnough = new AtomicBoolean();
            AtomicInteger written = new AtomicInteger();
            Thread writer = Thread.startVirtualThread(() -> {
                while (!isEnough.get()) {
                    first.addRecord(zone, "w" + written.incrementAndGet(), "TXT", "text");
                }
            });
            TestNode.await("a few changes", () -> written.get() > 5);
            String out = first.screen(folder).done("backup", "all.backup");
            isEnough.set(true);
            writer.join();
            Path file = folder.resolve("all.backup");
            long records = Restoration.contentsOf(file).records();
            assertThat(records).isBetween(6L, 1L + written.get());
            assertThat(out)
                    .startsWith(
                            "all.backup: 1 zone, " + records + " records, " + Files.size(file) + " bytes, checked.");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");

            assertFails(first.screen(folder).run("backup", "all.backup"), "is there already");
            first.screen(folder).done("backup", "all.backup", "--force");
            assertThat(files()).containsExactly(file);

            assertThat(second.screen(folder).done("restore", "all.backup", "--dry-run"))
                    .contains("backed.test", "created", "Nothing was changed.");
            assertThat(second.node().store().view().get().zones()).isEmpty();
            assertThat(second.screen(folder).done("restore", "all.backup")).contains("created", "Restored.");
            assertThat(export(second, zone)).isEqualTo(export(first, zone)).contains("192.0.2.7");
            assertThat(second.get("/zones/" + zone + "/dns_records/" + record).result())
                    .isEqualTo(first.get("/zones/" + zone + "/dns_records/" + record)
                            .result());
            assertThat(second.dns("www.backed.test", "A")).isEqualTo("192.0.2.7");
            assertThat(second.node().store().counters().all()).containsEntry("store_backups", 0L);
            assertThat(first.node().store().counters().all()).containsEntry("store_backups", 2L);
        }
    }

    @Test
    void zones_that_the_backup_lacks_stay_unless_it_is_to_be_exact() {
        try (TestNode node = TestNode.start(folder.resolve("node"))) {
            String zone = node.addZone("kept.test");
            node.addRecord(zone, "www", "A", "192.0.2.7");
            node.screen(folder).done("backup", "small.backup");
            node.addZone("later.test");
            node.call("DELETE", "/zones/" + zone, "");
            assertThat(node.screen(folder).done("restore", "small.backup"))
                    .contains("later.test", "--exact removes it");
            assertThat(node.dns("www.kept.test", "A")).isEqualTo("192.0.2.7");
            assertThat(node.screen(folder).done("restore", "small.backup", "--exact", "--dry-run"))
                    .contains("removed");
            assertThat(node.node().store().view().get().zones()).hasSize(2);
            node.screen(folder).done("restore", "small.backup", "--exact");
            assertThat(node.node().store().view().get().zones()).hasSize(1);
        }
    }

    @Test
    void what_is_no_whole_backup_is_refused_in_one_line_here_and_by_the_node() throws Exception {
        try (TestNode node = TestNode.start(folder.resolve("node"))) {
            node.addRecord(node.addZone("kept.test"), "www", "A", "192.0.2.7");
            long digest = node.node().store().digest();
            node.screen(folder).done("backup", "whole.backup");
            byte[] bytes = Files.readAllBytes(folder.resolve("whole.backup"));
            bytes[bytes.length / 2] ^= 1;
            Files.write(folder.resolve("damaged.backup"), bytes);
            Files.write(folder.resolve("short.backup"), java.util.Arrays.copyOf(bytes, 60));
            Files.writeString(folder.resolve("foreign.backup"), "$ORIGIN kept.test.\n");
            assertFails(node.screen(folder).run("restore", "damaged.backup"), "damaged.backup is damaged");
            assertFails(node.screen(folder).run("restore", "short.backup"), "short.backup is cut off");
            assertFails(node.screen(folder).run("restore", "foreign.backup"), "is no backup of an Anycastle store");
            assertFails(node.screen(folder).run("restore", "none.backup"), "none.backup");
            var refused = node.call("PUT", "/edge/backup?exact=true", "$ORIGIN kept.test.\n");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text()).contains("the file is no backup of an Anycastle store");
            assertThat(node.node().store().digest()).isEqualTo(digest);
            // the answer does not wait for the deletion
            TestNode.await(
                    "nothing is left of the upload",
                    () -> folder.resolve("node/uploads").toFile().list().length == 0);
        }
    }

    @Test
    void a_backup_needs_the_token_and_a_folder_that_can_be_written() {
        try (TestNode node = TestNode.start(folder.resolve("node"))) {
            Screen stranger =
                    new Screen(folder, Map.of("ANYCASTLE_SERVER", node.server(), "ANYCASTLE_TOKEN", "0".repeat(40)));
            Shown refused = stranger.run("backup", "stolen.backup");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).isNotEmpty();
            assertThat(folder.resolve("stolen.backup")).doesNotExist();
            assertFails(node.screen(folder).run("backup", "nowhere/file.backup"), "nowhere/file.backup: not writable");
            assertThat(AdminToken.readFrom(folder.resolve("node"))).contains(node.token());
        }
    }

    @Test
    void a_client_that_goes_away_in_the_middle_of_a_backup_harms_nobody() throws Exception {
        try (TestNode node = TestNode.start(folder.resolve("node"))) {
            String zone = node.addZone("large.test");
            for (int batch = 0; batch < 4; batch++) {
                var posts = new io.vertx.core.json.JsonArray();
                for (int i = 0; i < 5000; i++) {
                    posts.add(new JsonObject()
                            .put("name", "n" + batch + "-" + i)
                            .put("type", "TXT")
                            .put("content", "0123456789".repeat(20) + i));
                }
                assertThat(node.post("/zones/" + zone + "/dns_records/batch", new JsonObject().put("posts", posts))
                                .status())
                        .isEqualTo(200);
            }
            try (Socket socket =
                    new Socket(node.admin().getAddress(), node.admin().getPort())) {
                OutputStream out = socket.getOutputStream();
                out.write(("GET /client/v4/edge/backup HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + node.token()
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().readNBytes(1000)).hasSize(1000);
            }
            node.screen(folder).done("backup", "large.backup");
            assertThat(Restoration.contentsOf(folder.resolve("large.backup")).records())
                    .isEqualTo(20_000);
        }
    }
}
