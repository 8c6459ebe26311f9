package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.health.UnhealthyAddresses;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.view.CurrentTls;
import io.anycastle.dns.compile.ExternalTargets;
import io.anycastle.dns.steer.CurrentSteering;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Addresses that fail their health checks leave the answers, and come back. */
class UnhealthyAddressesTest {
    private static final String ALL = "192.0.2.1 192.0.2.2";

    private final UnhealthyAddresses unhealthy = new UnhealthyAddresses();
    private final ServedZone served = new ServedZone(
            "@ 60 A 192.0.2.1",
            "@ 60 A 192.0.2.2",
            "@ 60 MX 10 mail",
            "app 60 A 192.0.2.1",
            "app 60 A 192.0.2.2",
            "app 60 AAAA 2001:db8::1",
            "*.wild 60 A 192.0.2.1",
            "*.wild 60 A 192.0.2.2",
            "alias 60 CNAME app");
    private InetSocketAddress server;

    @BeforeEach
    void start() throws Exception {
        var sources = new DnsService.Sources(
                CurrentSteering.anycast(ServedZone.LOOPBACK.answers()),
                new ExternalTargets(),
                new CurrentTls(),
                unhealthy);
        server = served.start(ServedZone.LOOPBACK, sources)
                .listeners()
                .getFirst()
                .address();
    }

    @AfterEach
    void stop() throws Exception {
        served.close();
    }

    private String answer(String name, int type) throws IOException {
        SimpleResolver resolver = new SimpleResolver(server);
        Message answer =
                resolver.send(Message.newQuery(Record.newRecord(Name.fromString(name + "."), type, DClass.IN)));
        return answer.getSection(Section.ANSWER).stream()
                .filter(record -> record.getType() == type)
                .map(Record::rdataToString)
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .collect(Collectors.joining(" "));
    }

    private void out(String name, String... addresses) {
        Set<InetAddress> set =
                java.util.Arrays.stream(addresses).map(InetAddress::ofLiteral).collect(Collectors.toSet());
        DomainName owner = DomainName.of(name);
        assertThat(unhealthy.set(owner, set)).isTrue();
        served.view().refresh(DomainName.of("example.com"), Set.of(owner));
    }

    @Test
    void an_address_leaves_the_answers_of_its_name_and_of_those_that_lead_there_and_comes_back() throws IOException {
        assertThat(answer("app.example.com", Type.A)).isEqualTo(ALL);
        out("app.example.com", "192.0.2.1");
        assertThat(answer("app.example.com", Type.A)).isEqualTo("192.0.2.2");
        assertThat(answer("alias.example.com", Type.A)).isEqualTo("192.0.2.2");
        assertThat(answer("app.example.com", Type.AAAA)).isEqualTo("2001:db8:0:0:0:0:0:1");
        assertThat(answer("example.com", Type.A))
                .describedAs("another name's answer")
                .isEqualTo(ALL);
        out("app.example.com");
        assertThat(answer("app.example.com", Type.A)).isEqualTo(ALL);
    }

    @Test
    void it_is_so_at_the_apex_and_for_wildcards_too() throws IOException {
        out("example.com", "192.0.2.2");
        assertThat(answer("example.com", Type.A)).isEqualTo("192.0.2.1");
        assertThat(answer("example.com", Type.MX)).isEqualTo("10 mail.example.com.");
        out("*.wild.example.com", "192.0.2.1");
        assertThat(answer("x.wild.example.com", Type.A)).isEqualTo("192.0.2.2");
    }

    @Test
    void a_family_is_never_without_an_address_that_its_records_have() throws IOException {
        out("app.example.com", "192.0.2.1", "192.0.2.2", "2001:db8::1");
        assertThat(answer("app.example.com", Type.A)).isEqualTo(ALL);
        assertThat(answer("app.example.com", Type.AAAA)).isEqualTo("2001:db8:0:0:0:0:0:1");
    }

    @Test
    void a_change_of_the_zone_keeps_what_is_out() throws IOException {
        out("app.example.com", "192.0.2.1");
        served.show("example.com", "app 60 A 192.0.2.1\napp 60 A 192.0.2.2\napp 60 A 192.0.2.3");
        assertThat(answer("app.example.com", Type.A)).isEqualTo("192.0.2.2 192.0.2.3");
    }
}
