package io.anycastle.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.app.TestNode;
import io.anycastle.app.config.HostPort;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Those who reach the cluster's port and are no members get nowhere, and the log says why. */
final class StrangerTest {
    private static final Duration YEAR = Duration.ofDays(365);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    static Path folder;

    @SuppressWarnings("NullAway.Init") // set before all tests
    static TestNode node;

    @SuppressWarnings("NullAway.Init") // set before all tests
    static HostPort port;

    @SuppressWarnings("NullAway.Init") // set before all tests
    static Identity member;

    @BeforeAll
    static void start() throws IOException {
        node = Clusters.start(folder, "node");
        Clusters.invite(node);
        port = HostPort.parse(node.node().membership().list().getFirst().address())
                .orElseThrow();
        member = Identity.load(folder.resolve("node")).orElseThrow();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static SSLSocket connect(String protocol, Optional<ClusterTls.Shown> shown) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] keys =
                shown.map(s -> new KeyManager[] {new ClusterTls.Keys(() -> s)}).orElse(new KeyManager[0]);
        X509Certificate ca =
                MemberList.of(member.known()).authorities().orElseThrow().current();
        TrustManager trust = new ClusterTls.Trust(chain -> List.of(ca), InstantSource.system());
        context.init(keys, new TrustManager[] {trust}, new SecureRandom());
        SSLSocket socket = (SSLSocket)
                context.getSocketFactory().createSocket(port.address().getHostAddress(), port.port());
        socket.setSoTimeout(20_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static JsonObject ask(Socket socket, JsonObject message) throws IOException {
        byte[] body = message.encode().getBytes(StandardCharsets.UTF_8);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(body.length);
        out.write(body);
        out.flush();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] answer = new byte[in.readInt()];
        in.readFully(answer);
        return new JsonObject(new String(answer, StandardCharsets.UTF_8));
    }

    /** What a node says that is told why it is not one of them. */
    private static String refusal(ClusterTls.Shown shown, JsonObject greeting) throws Exception {
        try (SSLSocket socket = connect(ClusterTls.MEMBER, Optional.of(shown))) {
            return ask(socket, greeting).getString("reason");
        }
    }

    private static JsonObject greeting() {
        return Greeting.of(Greeting.Want.MEMBER, "anycastle", 1).json();
    }

    private static ClusterTls.Shown certified(Authority authority, NodeName name) {
        return certified(authority, name, Instant.now());
    }

    private static ClusterTls.Shown certified(Authority authority, NodeName name, Instant now) {
        KeyPair pair = Keypairs.fresh();
        X509Certificate leaf = authority.certify(name, pair.getPublic(), now, Duration.ofDays(1));
        return new ClusterTls.Shown(pair.getPrivate(), List.of(leaf, authority.certificate()));
    }

    private static Authority clusterAuthority() {
        return MemberList.of(member.known())
                .authorities()
                .flatMap(authorities -> authorities.signer(member.clusterKey()))
                .orElseThrow();
    }

    private static NodeName name(String cluster, String id, int number) {
        return new NodeName(cluster, id, number);
    }

    @Test
    void a_self_made_certificate_is_refused_in_the_handshake() throws Exception {
        Authority own = Authority.found("anycastle", Instant.now(), YEAR);
        try (LogWatch log = new LogWatch();
                SSLSocket socket =
                        connect(ClusterTls.MEMBER, Optional.of(certified(own, name("anycastle", "node", 1))))) {
            assertThatThrownBy(() -> ask(socket, greeting())).isInstanceOf(IOException.class);
            log.await("did not come about: from 127.0.0.1: its certificate is not from this cluster's CA but from CN=");
        }
    }

    @Test
    void an_expired_certificate_is_refused_in_the_handshake() throws Exception {
        ClusterTls.Shown old = certified(
                clusterAuthority(), name("anycastle", "node", 1), Instant.now().minus(Duration.ofDays(2)));
        try (LogWatch log = new LogWatch();
                SSLSocket socket = connect(ClusterTls.MEMBER, Optional.of(old))) {
            assertThatThrownBy(() -> ask(socket, greeting())).isInstanceOf(IOException.class);
            log.await("from 127.0.0.1: its certificate expired on");
        }
    }

    @Test
    void without_a_certificate_nobody_is_a_member() throws Exception {
        try (LogWatch log = new LogWatch();
                SSLSocket socket = connect(ClusterTls.MEMBER, Optional.empty())) {
            assertThat(ask(socket, greeting()).getString("reason")).isEqualTo("it shows no certificate");
            log.await("127.0.0.1 was refused at the cluster's port: it shows no certificate");
        }
    }

    @Test
    void a_certificate_of_the_ca_for_an_unregistered_key_is_refused() throws Exception {
        assertThat(refusal(certified(clusterAuthority(), name("anycastle", "node", 1)), greeting()))
                .contains("is not the one that node node is registered with");
        assertThat(refusal(certified(clusterAuthority(), name("anycastle", "invented", 9)), greeting()))
                .contains("node invented is not known here");
    }

    @Test
    void a_certificate_for_another_cluster_is_refused_and_both_sides_are_told() throws Exception {
        try (LogWatch log = new LogWatch()) {
            assertThat(refusal(certified(clusterAuthority(), name("other", "node", 1)), greeting()))
                    .isEqualTo("its certificate is for the cluster 'other', this one is 'anycastle'");
            log.await("was refused at the cluster's port", "for the cluster 'other'");
        }
    }

    @Test
    void a_removed_node_is_refused_with_the_certificate_that_was_good_before() throws Exception {
        Vertx vertx = Vertx.vertx();
        ClusterConfig config = ClusterConfig.of(Clusters.config(folder, "gone"));
        Files.createDirectories(config.dataFolder());
        assertThat(new Joining(vertx, config, InstantSource.system()).join(Clusters.invite(node), Optional.of("gone")))
                .isEmpty();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        Identity gone = Identity.load(config.dataFolder()).orElseThrow();
        ClusterTls.Shown shown = new ClusterTls.Shown(gone.key(), List.of(gone.certificate()));
        TestNode.await("it is known", () -> Clusters.state(node, "gone").equals("not_connected"));
        assertThat(refusal(shown, greeting().put("to", 7))).isEqualTo("this is node number 1, not 7");
        node.call("DELETE", "/edge/cluster/nodes/gone", "");
        try (LogWatch log = new LogWatch()) {
            TestNode.await("it is removed", () -> Clusters.state(node, "gone").equals("removed"));
            assertThat(refusal(shown, greeting())).isEqualTo("node gone was removed from the cluster");
            log.await("127.0.0.1 was refused at the cluster's port: node gone was removed from the cluster");
        }
    }

    @Test
    void a_member_that_speaks_another_version_or_means_another_node_is_told_so() throws Exception {
        ClusterTls.Shown self = new ClusterTls.Shown(member.key(), List.of(member.certificate()));
        assertThat(refusal(self, greeting().put("v", 2)))
                .contains("speaks version 1 of the tunnel, the other version 2");
        assertThat(refusal(self, greeting().put("to", 7))).isEqualTo("this is node number 1, not 7");
        assertThat(refusal(self, greeting().put("cluster", "x"))).contains("is in the cluster 'anycastle', not in 'x'");
        assertThat(refusal(self, new JsonObject())).isEqualTo("no greeting was understood");
    }

    @Test
    void what_is_too_long_or_no_message_ends_the_connection() throws Exception {
        try (LogWatch log = new LogWatch();
                SSLSocket socket = connect(ClusterTls.JOIN, Optional.empty())) {
            new DataOutputStream(socket.getOutputStream()).writeInt(Integer.MAX_VALUE);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            log.await("it sent no message of at most " + Frames.STRANGER_BYTES_MAX + " bytes");
        }
        try (SSLSocket socket = connect(ClusterTls.JOIN, Optional.empty())) {
            assertThat(ask(socket, new JsonObject()).getString("reason"))
                    .isEqualTo("the join request is not understood");
        }
    }

    @Test
    void older_tls_is_not_spoken() throws Exception {
        try (SSLSocket socket = connect(ClusterTls.MEMBER, Optional.empty())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
        }
    }
}
