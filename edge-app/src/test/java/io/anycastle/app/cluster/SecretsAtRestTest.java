package io.anycastle.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.TestNode;
import io.anycastle.app.api.AdminToken;
import io.anycastle.app.config.ClusterKeys;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.core.model.Account;
import io.anycastle.core.model.Document;
import io.anycastle.core.store.backup.BackupReader;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies on disks and in backups opens no door by itself. */
final class SecretsAtRestTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private EdgeConfig config(String id) {
        return Clusters.config(folder, id)
                .with(ClusterKeys.LOG_MAX, 64L << 10)
                .with(ClusterKeys.COMPARE_INTERVAL, Duration.ofSeconds(2));
    }

    /** The account's documents as a backup has them. */
    private static Map<String, String> documents(Path backup) throws Exception {
        Map<String, String> documents = new HashMap<>();
        BackupReader.read(backup, "it", zone -> {
            if (zone.zone().name().equals(Account.ZONE)) {
                for (Document document : zone.documents().values()) {
                    documents.put(document.key(), document.json().orElseThrow());
                }
            }
        });
        return documents;
    }

    private Authorities authorities(String backup) throws Exception {
        return MemberList.of(documents(folder.resolve(backup))).authorities().orElseThrow();
    }

    @Test
    void no_private_key_and_no_token_lies_readable_in_journals_snapshots_or_a_backup() throws Exception {
        List<String> tokens = new ArrayList<>();
        try (TestNode first = TestNode.start(folder.resolve("first"), config -> config("first"))) {
            tokens.add(Clusters.invite(first));
            try (TestNode second = TestNode.joined(config("second"), tokens.getFirst())) {
                first.call("POST", "/edge/cluster/rotation", "{}");
                tokens.add(Clusters.invite(first));
                makeSnapshots(first);
                TestNode.await(
                        "a snapshot on both",
                        () -> snapshots(first) > 0
                                && snapshots(second) > 0
                                && first.node().store().digest()
                                        == second.node().store().digest());
                first.screen(folder).done("backup", "all.backup");
                tokens.add(first.token());
                tokens.add(second.token());
            }
        }
        Identity one = Identity.load(folder.resolve("first")).orElseThrow();
        Identity two = Identity.load(folder.resolve("second")).orElseThrow();
        Authorities backedUp = authorities("all.backup");
        PrivateKey authority = backedUp.signer(one.clusterKey()).orElseThrow().key();

        List<byte[]> secrets = new ArrayList<>();
        for (PrivateKey key : List.of(one.key(), two.key(), authority)) {
            secrets.addAll(forms(key.getEncoded()));
            secrets.addAll(forms(scalar((ECPrivateKey) key)));
        }
        secrets.addAll(forms(HexFormat.of().parseHex(one.clusterKey().text())));
        secrets.add("PRIVATE KEY".getBytes(StandardCharsets.US_ASCII));
        tokens.forEach(token -> secrets.add(token.getBytes(StandardCharsets.US_ASCII)));
        JoinToken.parse(tokens.getFirst())
                .ifPresent(token -> secrets.add(token.secret().getBytes(StandardCharsets.US_ASCII)));
        assertNoneIn(secrets);
    }

    private static void makeSnapshots(TestNode node) {
        String zone = node.addZone("filler.test");
        for (int batch = 0; batch < 3; batch++) {
            JsonArray posts = new JsonArray();
            for (int i = 0; i < 1000; i++) {
                posts.add(new JsonObject()
                        .put("name", "n" + batch + "-" + i)
                        .put("type", "TXT")
                        .put("content", "0123456789".repeat(10) + i));
            }
            node.post("/zones/" + zone + "/dns_records/batch", new JsonObject().put("posts", posts));
        }
    }

    private static long snapshots(TestNode node) {
        return node.node().store().counters().all().getOrDefault("store_snapshots", 0L);
    }

    private static byte[] scalar(ECPrivateKey key) {
        byte[] octets = key.getS().toByteArray();
        return octets.length > 32 ? Arrays.copyOfRange(octets, octets.length - 32, octets.length) : octets;
    }

    private static List<byte[]> forms(byte[] secret) {
        return List.of(
                secret,
                HexFormat.of().formatHex(secret).getBytes(StandardCharsets.US_ASCII),
                Base64.getEncoder().withoutPadding().encode(secret));
    }

    /** Everywhere but in the two files that are there to hold one, which only the node's user may read. */
    private void assertNoneIn(List<byte[]> secrets) throws IOException {
        List<String> kinds = new ArrayList<>();
        for (Path file : files()) {
            String name = String.valueOf(file.getFileName());
            if (List.of(ClusterKey.FILE, "cluster.json", AdminToken.TOKEN_FILE, "admin.token.hash")
                    .contains(name)) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as("%s", file)
                        .isEqualTo("rw-------");
            }
            if (!name.equals(ClusterKey.FILE) && !name.equals(AdminToken.TOKEN_FILE)) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                for (byte[] secret : secrets) {
                    assertThat(text.contains(new String(secret, StandardCharsets.ISO_8859_1)))
                            .as("a secret of %d octets in %s", secret.length, file)
                            .isFalse();
                }
                kinds.add(name.replaceAll("-\\d+$", ""));
            }
        }
        assertThat(kinds).contains("log", "snapshot", "all.backup", "cluster.json", "admin.token.hash");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** Of the documents that say who is in the cluster and whom it trusts, but for the node's own, which it renews by itself. */
    private static Map<String, Integer> revisions(TestNode node) {
        Map<String, Integer> revisions = new HashMap<>();
        Account account = node.node().store().view().get().account();
        for (String key : List.of("ca", "node/second")) {
            revisions.put(key, new JsonObject(account.document(key).orElseThrow()).getInteger("revision"));
        }
        return revisions;
    }

    @Test
    void a_restore_brings_no_removed_node_back_and_leaves_the_ca_alone() throws Exception {
        try (TestNode first = TestNode.start(folder.resolve("first"), config -> config("first"))) {
            try (TestNode second = TestNode.joined(config("second"), Clusters.invite(first))) {
                String zone = first.addZone("both.test");
                first.addRecord(zone, "www", "A", "192.0.2.1");
                TestNode.await(
                        "both have it", () -> second.dns("www.both.test", "A").equals("192.0.2.1"));
                first.screen(folder).done("backup", "old.backup");
                first.call("DELETE", "/zones/" + zone, "");
                assertThat(second.screen(folder).done("restore", "old.backup"))
                        .contains("both.test", "created", "Restored.");
                TestNode.await(
                        "both have it again",
                        () -> first.dns("www.both.test", "A").equals("192.0.2.1")
                                && first.node().store().digest()
                                        == second.node().store().digest());
            }
            first.call("DELETE", "/edge/cluster/nodes/second", "");
            first.call("POST", "/edge/cluster/rotation", "{}");
            Map<String, Integer> before = revisions(first);
            first.screen(folder).done("restore", "old.backup");
            assertThat(revisions(first))
                    .isEqualTo(before)
                    .containsEntry("ca", 2)
                    .containsEntry("node/second", 2);
            assertThat(Clusters.state(first, "second")).isEqualTo("removed");
        }
    }

    @Test
    void after_the_loss_of_all_nodes_the_saved_key_and_the_backup_begin_a_new_cluster() throws Exception {
        try (TestNode lost = TestNode.start(folder.resolve("lost"), config -> config("lost"))) {
            lost.addRecord(lost.addZone("saved.test"), "www", "A", "192.0.2.1");
            Clusters.invite(lost);
            lost.screen(folder).done("backup", "saved.backup");
        }
        Path fresh = Files.createDirectories(folder.resolve("fresh"));
        Files.copy(folder.resolve("lost").resolve(ClusterKey.FILE), fresh.resolve(ClusterKey.FILE));
        try (TestNode node = TestNode.start(fresh, config -> config("fresh"))) {
            node.screen(folder).done("restore", "saved.backup");
            assertThat(node.dns("www.saved.test", "A")).isEqualTo("192.0.2.1");
            try (TestNode second = TestNode.joined(config("second"), Clusters.invite(node))) {
                TestNode.await(
                        "two members", () -> second.node().store().status().members() == 2);
                TestNode.await(
                        "the new node has it",
                        () -> second.dns("www.saved.test", "A").equals("192.0.2.1"));
            }
        }
        ClusterKey key = ClusterKey.in(fresh).orElseThrow();
        assertThat(key.text())
                .isEqualTo(ClusterKey.in(folder.resolve("lost")).orElseThrow().text());
        Authorities saved = authorities("saved.backup");
        assertThat(saved.signer(key)).isPresent();
    }
}
