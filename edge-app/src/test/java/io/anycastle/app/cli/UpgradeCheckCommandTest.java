package io.anycastle.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.TestNode;
import io.anycastle.app.cli.Screen.Shown;
import io.anycastle.app.cluster.FormatsJson;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code edge upgrade-check} against a running node and against folders of other versions. */
final class UpgradeCheckCommandTest {
    private static final String LOG = "log-0000000001";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Shown offline(String... more) {
        String[] arguments = new String[3 + more.length];
        System.arraycopy(new String[] {"upgrade-check", "--data", "node"}, 0, arguments, 0, 3);
        System.arraycopy(more, 0, arguments, 3, more.length);
        return new Screen(folder, Map.of()).run(arguments);
    }

    @Test
    void a_node_of_this_version_can_be_joined_and_its_disk_read() {
        try (TestNode node = TestNode.start(folder.resolve("node"))) {
            node.addZone("some.test");
            Screen screen = new Screen(folder, Map.of("ANYCASTLE_SERVER", node.server(), "ANYCASTLE_DATA", "node"));
            Shown shown = screen.run("upgrade-check");
            assertThat(shown.err()).isEmpty();
            assertThat(shown.code()).isZero();
            assertThat(shown.out()).contains("can join its cluster");
            JsonObject json =
                    new JsonObject(screen.run("upgrade-check", "--json").out());
            assertThat(json.getBoolean("ok")).isTrue();
            JsonObject found = json.getJsonArray("nodes").getJsonObject(0);
            assertThat(found.getString("id"))
                    .isEqualTo(node.node().store().status().nodeId());
            assertThat(found.getJsonObject("formats")).isEqualTo(FormatsJson.ours());
            assertThat(found.getString("verdict")).isEqualTo("joins");
        }
        assertThat(offline().code()).isZero();
        assertThat(offline().out()).contains(LOG, "reads it");
    }

    @Test
    void a_folder_of_a_newer_version_is_told_by_its_framing_or_by_its_entries() throws IOException {
        try (TestNode node = TestNode.start(folder.resolve("node"))) {
            node.addZone("some.test");
        }
        Path log = folder.resolve("node").resolve(LOG);
        byte[] ours = Files.readAllBytes(log);
        ByteBuffer newer = ByteBuffer.wrap(ours.clone());
        newer.putInt(8, newer.getInt(8) + 1);
        newer.putInt(12, crc(newer.array(), 12));
        Files.write(log, newer.array());
        assertThat(offline().code()).isEqualTo(1);
        assertThat(offline().out()).contains(LOG, "cannot read it: a newer version wrote it");
        byte[] entries = ours.clone();
        entries[28]++;
        Files.write(log, entries);
        assertThat(offline().code()).isEqualTo(1);
        assertThat(offline("--json").out()).contains("\"ok\" : false", "a newer version wrote it");
        Files.writeString(log, "these are no bytes of ours, but there are many of them");
        assertThat(offline().code()).isEqualTo(1);
        assertThat(offline().out()).contains("it is damaged, or no file of a node");
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    @Test
    void a_folder_without_a_store_and_a_node_that_does_not_answer_are_failures() throws IOException {
        Files.createDirectories(folder.resolve("node"));
        assertThat(offline().code()).isEqualTo(1);
        assertThat(offline().err()).contains("holds no log and no snapshot");
        Shown none = new Screen(folder, Map.of("ANYCASTLE_SERVER", "http://127.0.0.1:1", "ANYCASTLE_TOKEN", "t"))
                .run("upgrade-check");
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err()).contains("no answer from");
    }

    @ParameterizedTest
    @CsvSource({
        "2, 2, 1, 5.7.0, JOINS",
        "2, 2, 1, 5.7.3-SNAPSHOT, JOINS",
        "2, 2, 1, 5.8.0, SIDE_BY_SIDE",
        "2, 2, 1, 6.7.0, SIDE_BY_SIDE",
        "2, 2, 2, 5.7.0, SIDE_BY_SIDE",
        "2, 3, 1, 5.7.0, CANNOT_READ",
        "1, 2, 1, 5.7.0, CANNOT_READ",
        "3, 3, 2, 5.8.0, CANNOT_READ",
    })
    void what_differs_decides(int log, int entry, int tunnel, String hazelcast, UpgradeVerdict verdict) {
        JsonObject theirs = new JsonObject()
                .put("log", log)
                .put("entry", entry)
                .put("tunnel", tunnel)
                .put("hazelcast", hazelcast);
        JsonObject ours =
                new JsonObject().put("log", 2).put("entry", 2).put("tunnel", 1).put("hazelcast", "5.7.0");
        assertThat(UpgradeVerdict.of(theirs, ours)).isEqualTo(verdict);
        assertThat(UpgradeVerdict.of(new JsonObject(), ours)).isEqualTo(UpgradeVerdict.UNKNOWN);
    }
}
