package io.anycastle.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.TestNode;
import io.anycastle.app.config.DnsGuardKeys;
import io.anycastle.app.config.EdgeConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** DNS cookies (RFC 7873) of nodes that answer at one anycast address: a client's next query may reach another node. */
final class SharedCookiesTest {
    private static final int COOKIE = 10;
    private static final byte[] CLIENT_COOKIE = HexFormat.of().parseHex("2464c4abcf10c957");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final Map<String, EdgeConfig> configs = new HashMap<>();

    @Test
    void a_cookie_from_one_node_of_a_cluster_is_good_at_another_and_a_forged_one_is_not() throws IOException {
        String token;
        try (TestNode alone = node("a")) {
            alone.addRecord(alone.addZone("shared.test"), "www", "A", "192.0.2.1");
            token = Clusters.invite(alone);
        }
        try (TestNode first = node("a");
                TestNode second = TestNode.joined(config("b"), token)) {
            TestNode.await(
                    "the new node has the zone",
                    () -> second.dns("www.shared.test", "A").equals("192.0.2.1"));
            byte[] given = cookie(answer(first, CLIENT_COOKIE));
            Message atSecond = answer(second, given);
            assertThat(atSecond.getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(atSecond.getSection(Section.ANSWER)).hasSize(1);
            assertThat(cookie(atSecond)).as("still fresh there too").isEqualTo(given);

            byte[] forged = given.clone();
            forged[forged.length - 1] ^= 1;
            for (TestNode node : List.of(first, second)) {
                Message refused = answer(node, forged);
                assertThat(refused.getRcode()).isEqualTo(Rcode.BADCOOKIE);
                assertThat(refused.getSection(Section.ANSWER)).isEmpty();
            }
        }
    }

    @Test
    void nodes_of_different_clusters_refuse_each_others_cookies() throws IOException {
        for (String id : List.of("a", "b")) {
            try (TestNode alone = node(id)) {
                Clusters.invite(alone);
                alone.addRecord(alone.addZone("shared.test"), "www", "A", "192.0.2.1");
            }
        }
        try (TestNode first = node("a");
                TestNode other = node("b")) {
            byte[] given = cookie(answer(first, CLIENT_COOKIE));
            assertThat(answer(first, given).getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(answer(other, given).getRcode()).isEqualTo(Rcode.BADCOOKIE);
        }
    }

    /** The same for a node at each of its starts. */
    private EdgeConfig config(String id) {
        return configs.computeIfAbsent(
                id, made -> Clusters.config(folder, made).with(DnsGuardKeys.COOKIES_REQUIRED, true));
    }

    private TestNode node(String id) {
        return TestNode.start(folder.resolve(id), config -> config(id));
    }

    private static Message answer(TestNode node, byte[] cookie) throws IOException {
        Message query =
                Message.newQuery(Record.newRecord(Name.fromConstantString("www.shared.test."), Type.A, DClass.IN));
        EDNSOption option = new GenericEDNSOption(COOKIE, cookie);
        query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(option)), Section.ADDITIONAL);
        InetSocketAddress at = node.node().dnsAddresses().getFirst();
        return new SimpleResolver(at).send(query);
    }

    /** Client's part and server's part. */
    private static byte[] cookie(Message answer) throws IOException {
        byte[] option = answer.getOPT().getOptions(COOKIE).getFirst().toWire();
        byte[] cookie = Arrays.copyOfRange(option, 4, option.length);
        assertThat(cookie).hasSize(24).startsWith(CLIENT_COOKIE);
        return cookie;
    }
}
