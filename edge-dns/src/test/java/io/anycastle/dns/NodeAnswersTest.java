package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.dns.answer.Asking;
import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.tls.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSIDOption;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TcpKeepaliveOption;
import org.xbill.DNS.Type;

/** What the node tells of itself, of the asker and of the connection: RFC 4892, RFC 5001, RFC 7828, RFC 8467. */
class NodeAnswersTest {
    private static final DnsConfig BOTH_FAMILIES = ServedZone.LOOPBACK.withListen(ServedZone.BOTH_FAMILIES);
    private static final IdentityConfig IDENTITY = new IdentityConfig(
            "edge-1", "FRA", true, Optional.of("Something"), Optional.of(DomainName.of("whoami.example.com")));

    @AutoClose
    private final ServedZone served = new ServedZone("www 300 A 192.0.2.1");

    @ParameterizedTest
    @CsvSource({
        "id.server., TXT, NOERROR aa | id.server. TXT FRA | |",
        "HostName.Bind., TXT, NOERROR aa | HostName.Bind. TXT edge-1 | |",
        "version.bind., TXT, NOERROR aa | version.bind. TXT Something | |",
        "version.server., ANY, NOERROR aa | version.server. TXT Something | |",
        "version.server., A, NOERROR aa | | |",
        "authors.bind., TXT, REFUSED | | |",
        "www.example.com., A, REFUSED | | |"
    })
    void a_chaos_name_answers_what_the_node_is(String name, String type, String told) throws Exception {
        Message query = Message.newQuery(Record.newRecord(Name.fromString(name), Type.value(type), DClass.CHAOS));
        Message answer = resolver(start(IDENTITY), 0).send(query);
        assertThat(Asking.tell(answer)).isEqualTo(told);
        assertThat(answer.getSection(Section.ANSWER)).allMatch(r -> r.getTTL() == 0 && r.getDClass() == DClass.CHAOS);
    }

    @ParameterizedTest
    @CsvSource({"id.server.", "hostname.bind.", "version.bind.", "version.server."})
    void a_node_that_shall_tell_nothing_refuses_and_shows_no_nsid(String name) throws Exception {
        DnsService service = start(new IdentityConfig(
                "edge-1", "FRA", false, Optional.empty(), Optional.of(DomainName.of("who.example"))));
        Message query = Message.newQuery(Record.newRecord(Name.fromString(name), Type.TXT, DClass.CHAOS));
        query.addRecord(new OPTRecord(1232, 0, 0, 0, new NSIDOption(new byte[0])), Section.ADDITIONAL);
        Message answer = resolver(service, 0).send(query);
        assertThat(answer.getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(answer.getOPT().getOptions()).isEmpty();
        assertThat(Asking.tell(resolver(service, 0).send(Asking.query("who.example.", "TXT"))))
                .doesNotContain("edge-1")
                .contains("address=127.0.0.1");
    }

    @Test
    void nsid_names_node_and_site_with_any_answer() throws Exception {
        Message query = Asking.query("nothing.example.org.", "A");
        query.addRecord(new OPTRecord(1232, 0, 0, 0, new NSIDOption(new byte[0])), Section.ADDITIONAL);
        Message answer = resolver(start(IDENTITY), 0).send(query);
        assertThat(answer.getOPT().getOptions())
                .containsExactly(new NSIDOption("edge-1.FRA".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whoami_answers_the_clients_address_in_its_family_and_all_that_is_known_as_text() throws Exception {
        DnsService service = start(IDENTITY);
        assertThat(Asking.tell(resolver(service, 0).send(Asking.query("whoami.example.com.", "A"))))
                .isEqualTo("NOERROR aa | whoami.example.com. A 127.0.0.1 | |");
        assertThat(Asking.tell(resolver(service, 0).send(Asking.query("whoami.example.com.", "AAAA"))))
                .isEqualTo("NOERROR aa | | |");
        assertThat(Asking.tell(resolver(service, 1).send(Asking.query("whoami.example.com.", "AAAA"))))
                .isEqualTo("NOERROR aa | whoami.example.com. AAAA 0:0:0:0:0:0:0:1 | |");
        assertThat(Asking.tell(resolver(service, 1).send(Asking.query("whoami.example.com.", "TXT"))))
                .contains("address=::1 ");
        Message query = Asking.query("WhoAmI.example.com.", "TXT");
        query.addRecord(
                new OPTRecord(1232, 0, 0, 0, new ClientSubnetOption(24, InetAddress.ofLiteral("203.0.113.0"))),
                Section.ADDITIONAL);
        Message answer = resolver(service, 0).send(query);
        assertThat(answer.getSection(Section.ANSWER).getFirst().getTTL()).isZero();
        assertThat(Asking.tell(answer))
                .matches("NOERROR aa \\| WhoAmI.example.com. TXT address=127.0.0.1 port=\\d+ transport=udp"
                        + " subnet=203.0.113.0/24 node=edge-1 colo=FRA \\| \\|");
    }

    @Test
    void a_tcp_client_that_asks_hears_how_long_it_may_idle_and_a_udp_client_does_not() throws Exception {
        DnsService service = start(IDENTITY);
        Message query = Asking.query("www.example.com.", "A");
        query.addRecord(new OPTRecord(1232, 0, 0, 0, new TcpKeepaliveOption()), Section.ADDITIONAL);
        assertThat(resolver(service, 0).send(query).getOPT().getOptions()).isEmpty();
        TcpKeepaliveOption told = (TcpKeepaliveOption) Frames.ask(served.connect(service, Transport.TCP), query)
                .getOPT()
                .getOptions(EDNSOption.Code.TCP_KEEPALIVE)
                .getFirst();
        assertThat(told.getTimeout().orElseThrow())
                .isEqualTo(TcpConfig.DEFAULTS.idleTimeout().toMillis() / 100);
    }

    @Test
    void a_padded_query_gets_a_padded_answer_in_tls_and_nowhere_else(@TempDir Path folder) throws Exception {
        DnsService service = served.start(BOTH_FAMILIES.withTls(TlsConfig.DEFAULTS
                .with(TestCertificate.any().writeTo(folder), ServedZone.BOTH_FAMILIES)
                .withHandshakeTimeout(ServedZone.PATIENCE)));
        Message padded = Asking.query("www.example.com.", "A");
        padded.addRecord(new OPTRecord(1232, 0, 0, 0, new GenericEDNSOption(12, new byte[64])), Section.ADDITIONAL);
        Message plain = Asking.query("www.example.com.", "A");
        plain.addRecord(new OPTRecord(1232, 0, 0, 0), Section.ADDITIONAL);
        Socket tls = served.connectTls(service, Transport.DOT, TestCertificate.any());
        assertThat(Frames.ask(tls, padded).numBytes()).isEqualTo(468);
        assertThat(Frames.ask(tls, plain).numBytes()).isLessThan(100);
        Socket tcp = served.connect(service, Transport.TCP);
        assertThat(Frames.ask(tcp, padded).numBytes()).isLessThan(100);
    }

    private DnsService start(IdentityConfig identity) throws Exception {
        return served.start(BOTH_FAMILIES.withIdentity(identity));
    }

    /** @param family 0 for IPv4, 1 for IPv6 */
    private static SimpleResolver resolver(DnsService service, int family) throws IOException {
        List<InetSocketAddress> udp = service.listeners().stream()
                .filter(endpoint -> endpoint.transport() == Transport.UDP)
                .map(endpoint -> endpoint.address())
                .toList();
        SimpleResolver resolver = new SimpleResolver(udp.get(family));
        resolver.setEDNS(-1);
        resolver.setTimeout(ServedZone.PATIENCE);
        return resolver;
    }
}
