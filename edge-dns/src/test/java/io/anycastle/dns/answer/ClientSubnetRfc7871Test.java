package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.geo.GeoFileWriter;
import io.anycastle.core.health.Location;
import io.anycastle.core.health.ServingNode;
import io.anycastle.core.health.ServingNodes;
import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.ZoneText;
import io.anycastle.dns.compile.AnswerTable;
import io.anycastle.dns.compile.ZoneCompiler;
import io.anycastle.dns.steer.CurrentSteering;
import io.anycastle.dns.steer.SteerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;

/** RFC 7871: the answer is for the subnet that a resolver names, and says for how much of it. */
class ClientSubnetRfc7871Test {
    private static final Location BERLIN = new Location(52.5, 13.4);
    private static final Location TOKYO = new Location(35.7, 139.7);

    private final AnswerTable table = AnswerTable.empty();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Responder responder;

    @BeforeEach
    void serve() throws IOException {
        Path file = folder.resolve("geo.mmdb");
        Files.write(
                file,
                new GeoFileWriter(28, true)
                        .with("198.51.100.0/24", TOKYO)
                        .with("203.0.113.0/25", BERLIN)
                        .with("2001:db8:7::/48", TOKYO)
                        .bytes());
        ServingNodes nodes =
                new ServingNodes(List.of(node("berlin", BERLIN, "192.0.2.1"), node("tokyo", TOKYO, "192.0.2.3")));
        SteerConfig one = new SteerConfig(1, 60, Optional.of(file), SteerConfig.DEFAULTS.geoCheck());
        CurrentSteering steering = CurrentSteering.byNodes(AnswerConfig.DEFAULTS, one, nodes);
        steering.checkFile();
        CurrentView view = new CurrentView();
        view.follow(new ZoneCompiler(table, AnswerConfig.DEFAULTS));
        var zone = ZoneText.active("example.com", "proxied www 1 A 10.0.0.1\ndirect 300 A 10.0.0.2");
        view.update(zone, zone.names().keySet());
        DnsCounters counters = new DnsCounters();
        responder = new Responder(ServiceParts.of(DnsConfig.DEFAULTS, table, steering, counters), counters.lane());
    }

    private static ServingNode node(String id, Location at, String address) {
        return new ServingNode(id, 1, Optional.of(at), List.of(InetAddress.ofLiteral(address)));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        # subnet asked for,  first address, scope
        198.51.100.0/24,     192.0.2.3,     24
        198.51.100.7/32,     192.0.2.3,     24
        198.51.0.0/16,       192.0.2.1|192.0.2.3, 18
        203.0.113.0/24,      192.0.2.1,     25
        2001:db8:7::/56,     192.0.2.3,     48
        2001:db8:7:1::/64,   192.0.2.3,     48
        0.0.0.0/0,           192.0.2.1,     0
        """)
    void the_named_subnet_decides_and_the_scope_says_for_how_many_bits(String subnet, String addresses, int scope)
            throws IOException {
        String[] parts = subnet.split("/");
        ClientSubnetOption asked = new ClientSubnetOption(Integer.parseInt(parts[1]), InetAddress.ofLiteral(parts[0]));
        Message answer = ask("www.example.com.", "203.0.113.9", asked);
        assertThat(addresses.split("\\|"))
                .contains(answer.getSection(Section.ANSWER).getFirst().rdataToString());
        ClientSubnetOption told = subnet(answer).orElseThrow();
        assertThat(told.getSourcePrefixLength()).isEqualTo(asked.getSourcePrefixLength());
        assertThat(told.getAddress()).isEqualTo(asked.getAddress());
        assertThat(told.getScopePrefixLength()).isEqualTo(scope);
    }

    @Test
    void without_a_subnet_the_asker_itself_decides_and_nothing_is_said_of_scope() throws IOException {
        Message japan = ask("www.example.com.", "198.51.100.200", null);
        assertThat(japan.getSection(Section.ANSWER).getFirst().rdataToString()).isEqualTo("192.0.2.3");
        assertThat(subnet(japan)).isEmpty();
        Message germany = ask("www.example.com.", "203.0.113.1", null);
        assertThat(germany.getSection(Section.ANSWER).getFirst().rdataToString())
                .isEqualTo("192.0.2.1");
    }

    @Test
    void an_answer_that_is_the_same_for_all_has_scope_0() throws IOException {
        ClientSubnetOption asked = new ClientSubnetOption(24, InetAddress.ofLiteral("198.51.100.0"));
        ClientSubnetOption told =
                subnet(ask("direct.example.com.", "203.0.113.9", asked)).orElseThrow();
        assertThat(told.getScopePrefixLength()).isZero();
    }

    private Message ask(String name, String from, @Nullable ClientSubnetOption subnet) throws IOException {
        Message query = Asking.query(name, "A");
        List<EDNSOption> options = subnet == null ? List.of() : List.of(subnet);
        query.addRecord(new OPTRecord(1232, 0, 0, 0, options), Section.ADDITIONAL);
        byte[] octets = query.toWire();
        QuerySource source = new QuerySource(Transport.UDP);
        source.set(InetAddress.ofLiteral(from), 5353);
        byte[] out = new byte[1232];
        int length = responder.respond(octets, octets.length, source, out);
        return new Message(java.nio.ByteBuffer.wrap(out, 0, length));
    }

    private static Optional<ClientSubnetOption> subnet(Message answer) {
        OPTRecord opt = answer.getOPT();
        return opt.getOptions(EDNSOption.Code.CLIENT_SUBNET).stream()
                .map(ClientSubnetOption.class::cast)
                .findFirst();
    }
}
