package io.anycastle.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.TestNode;
import io.anycastle.app.config.ClusterKeys;
import io.anycastle.app.config.EdgeConfig;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let into a cluster, and what it leaves in its folder. */
final class JoinTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    static Path folder;

    @SuppressWarnings("NullAway.Init") // set before all tests
    static TestNode first;

    @SuppressWarnings("NullAway.Init") // set before all tests
    static Vertx vertx;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        first = Clusters.start(folder, "first");
    }

    @AfterAll
    static void stop() {
        first.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static List<String> join(String token, String id) throws IOException {
        return join(token, Clusters.config(folder, id), id);
    }

    private static List<String> join(String token, EdgeConfig config, String id) throws IOException {
        ClusterConfig cluster = ClusterConfig.of(config);
        Files.createDirectories(cluster.dataFolder());
        return new Joining(vertx, cluster, InstantSource.system()).join(token, Optional.of(id));
    }

    private static JoinToken parsed(String token) {
        return JoinToken.parse(token).orElseThrow();
    }

    @Test
    void a_node_that_joins_gets_a_number_of_its_own_and_the_cluster_key() throws IOException {
        assertThat(join(Clusters.invite(first), "second")).isEmpty();
        Identity own = Identity.load(folder.resolve("second")).orElseThrow();
        Identity founder = Identity.load(folder.resolve("first")).orElseThrow();
        assertThat(own.name().cluster()).isEqualTo("anycastle");
        assertThat(own.name().number()).isGreaterThan(1);
        assertThat(own.clusterKey().text()).isEqualTo(founder.clusterKey().text());
        assertThat(MemberList.of(own.known()).nodes()).containsKeys("first", "second");
        TestNode.await("it is listed", () -> Clusters.state(first, "second").equals("not_connected"));
    }

    @Test
    void only_the_own_user_may_read_what_makes_a_node_a_member() throws IOException {
        assertThat(join(Clusters.invite(first), "private")).isEmpty();
        for (String file : List.of(ClusterKey.FILE, Identity.FILE)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                            folder.resolve("private").resolve(file))))
                    .isEqualTo("rw-------");
        }
        String identity = Files.readString(folder.resolve("private").resolve(Identity.FILE));
        assertThat(identity).doesNotContain("PRIVATE KEY");
    }

    @Test
    void a_token_works_once_and_both_sides_tell_why_not_twice() throws IOException {
        String token = Clusters.invite(first);
        assertThat(join(token, "once")).isEmpty();
        try (LogWatch log = new LogWatch()) {
            assertThat(join(token, "twice"))
                    .singleElement()
                    .asString()
                    .contains("refused this node: the token was used already, by node once");
            log.await("a node that wants to join from 127.0.0.1 was refused", "used already, by node once");
        }
        assertThat(folder.resolve("twice").resolve(Identity.FILE)).doesNotExist();
    }

    @Test
    void a_token_expires() throws IOException {
        JsonObject answer = first.post("/edge/cluster/invitations", new JsonObject().put("ttl_seconds", 1))
                .result();
        Instant made = Instant.now();
        TestNode.await("the token is over", () -> Instant.now().isAfter(made.plusMillis(1100)));
        try (LogWatch log = new LogWatch()) {
            assertThat(join(answer.getString("token"), "late"))
                    .singleElement()
                    .asString()
                    .contains("refused this node: the token expired at ");
            log.await("a node that wants to join", "the token expired at ");
        }
    }

    @Test
    void a_token_with_another_secret_or_for_another_cluster_is_refused_on_both_sides() throws IOException {
        JoinToken good = parsed(Clusters.invite(first));
        JoinToken guessed =
                new JoinToken(good.cluster(), good.addresses(), good.authority(), good.id(), "0".repeat(64));
        JoinToken foreign = new JoinToken("other", good.addresses(), good.authority(), good.id(), good.secret());
        try (LogWatch log = new LogWatch()) {
            assertThat(join(guessed.text(), "guesser"))
                    .singleElement()
                    .asString()
                    .contains("not known here");
            log.await("was refused", "the token is not known here");
            assertThat(join(foreign.text(), "foreigner"))
                    .singleElement()
                    .asString()
                    .contains("the token is for the cluster 'other', this one is 'anycastle'");
            log.await("was refused", "the token is for the cluster 'other'");
        }
        assertThat(join(good.text(), "owner")).isEmpty();
    }

    @Test
    void a_server_with_another_ca_is_told_nothing() throws IOException {
        JoinToken good = parsed(Clusters.invite(first));
        JoinToken wrong = new JoinToken(good.cluster(), good.addresses(), "0".repeat(64), good.id(), good.secret());
        try (LogWatch log = new LogWatch()) {
            assertThat(join(wrong.text(), "careful"))
                    .singleElement()
                    .asString()
                    .contains("is not believed: its certificate is not from this cluster's CA");
            log.await("a connection to the cluster's port did not come about: the other side does not believe");
        }
        assertThat(join(good.text(), "careful")).isEmpty();
    }

    @Test
    void an_id_and_an_address_belong_to_one_node() throws IOException {
        assertThat(join(Clusters.invite(first), Clusters.config(folder, "impostor"), "first"))
                .singleElement()
                .asString()
                .contains("node first is in the cluster already");
        EdgeConfig same = Clusters.config(folder, "neighbour")
                .with(
                        ClusterKeys.ADVERTISE,
                        first.node().membership().list().stream()
                                .filter(node -> node.id().equals("first"))
                                .findFirst()
                                .flatMap(node -> io.anycastle.app.config.HostPort.parse(node.address())));
        assertThat(join(Clusters.invite(first), same, "neighbour"))
                .singleElement()
                .asString()
                .contains("another node is reached at");
    }

    @Test
    void what_is_no_token_or_no_address_is_told_before_anything_is_asked() throws IOException {
        assertThat(join("anycastle-join-1.rubbish", "nobody"))
                .singleElement()
                .asString()
                .contains("this is no join token");
        EdgeConfig deaf = Clusters.config(folder, "deaf").with(ClusterKeys.LISTEN, Optional.empty());
        assertThat(join(Clusters.invite(first), deaf, "deaf"))
                .singleElement()
                .asString()
                .contains("set cluster.listen");
        EdgeConfig named = Clusters.config(folder, "named").with(ClusterKeys.NAME, "mine");
        assertThat(join(Clusters.invite(first), named, "named"))
                .singleElement()
                .asString()
                .contains("the token is for the cluster 'anycastle', but cluster.name is 'mine'");
    }

    @Test
    void a_member_that_is_started_with_a_token_again_does_not_need_it() throws IOException {
        String token = Clusters.invite(first);
        assertThat(join(token, "again")).isEmpty();
        assertThat(join(token, "again")).isEmpty();
    }

    @Test
    void the_secret_of_a_token_lies_nowhere() throws IOException {
        JoinToken token = parsed(Clusters.invite(first));
        TestNode.await("a look at every file", () -> isInNoFile(token.secret()));
        assertThat(token.toString()).doesNotContain(token.secret());
    }

    /** Looks again where a file was replaced meanwhile: the node writes what it learns beside this. */
    private static boolean isInNoFile(String secret) {
        try (Stream<Path> files = Files.walk(folder.resolve("first"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
                        .describedAs(file.toString())
                        .doesNotContain(secret);
            }
            return true;
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    @Test
    void a_node_without_an_address_for_others_says_what_to_set_when_it_is_asked_to_invite() {
        try (TestNode lonely = TestNode.start(folder.resolve("lonely"))) {
            assertThat(lonely.post("/edge/cluster/invitations", new JsonObject())
                            .text())
                    .contains("set cluster.listen");
            assertThat(folder.resolve("lonely").resolve(ClusterKey.FILE)).doesNotExist();
        }
    }
}
