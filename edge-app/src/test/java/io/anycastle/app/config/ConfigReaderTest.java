package io.anycastle.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.anycastle.dns.tls.CertificateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfigReaderTest {
    @Test
    void every_problem_of_a_file_is_told_with_its_line() {
        String text = """
                node:
                  colo: way too long
                dns:
                  listen:
                    - adress: 127.0.0.1
                      port: 99999
                    - {address: 127.0.0.1, port: fifty}
                  upd:
                    threads: 2
                zones:
                  activation: later
                  name-servers: []
                stop-timeout: 10
                bogus: 1
                """;
        assertThat(problems(text))
                .containsExactly(
                        "edge.yml:2: node.colo: expected 2 to 8 letters and digits, found 'way too long'",
                        "edge.yml:5: dns.listen[0].adress: no such key; did you mean 'address'?",
                        "edge.yml:5: dns.listen[0].address: expected an IPv4 or IPv6 address, found nothing",
                        "edge.yml:7: dns.listen[1].port: expected a whole number from 0 to 65535, found 'fifty'",
                        "edge.yml:9: dns.upd: no such key; did you mean 'udp'?",
                        "edge.yml:11: zones.activation: expected one of immediate, check, found 'later'",
                        "edge.yml:12: zones.name-servers: expected a list of at least 1, each a host name, found a list",
                        "edge.yml:13: stop-timeout: expected a duration from 0s to 1d such as 500ms, 15s, 2m or 1h,"
                                + " found '10'",
                        "edge.yml:14: bogus: no such key; known here: node, data, drain-time, stop-timeout, log, edge, zones, dns, http,"
                                + " https, proxy, limits, origin, health, compression, access-log, geoip, resolver, flatten, admin, cluster, store");
    }

    static Stream<Arguments> problemsByText() {
        return Stream.of(
                Arguments.of("data: {a: b}", "edge.yml:1: data: expected a folder, found a group of keys"),
                Arguments.of("dns: 5300", "edge.yml:1: dns: expected a group of keys, found '5300'"),
                Arguments.of(
                        "a: [",
                        "edge.yml:1:5: not readable as YAML: expected the node content, but found '<stream end>'"
                                + " (while parsing a flow node that begins in line 1)"),
                Arguments.of(
                        "dns:\n  listen:\n  - {address: 127.0.0.1\nhttp: x\n",
                        "edge.yml:4:5: not readable as YAML: expected ',' or '}', but got :"
                                + " (while parsing a flow mapping that begins in line 3)"),
                Arguments.of(
                        "node:\n\tcolo: FRA\n",
                        "edge.yml:2:1: not readable as YAML: found character '\\t(TAB)' that cannot start any token"),
                Arguments.of("data: a: b", "edge.yml:1:8: not readable as YAML: mapping values are not allowed here"),
                Arguments.of("data: \u0001", "edge.yml:1:"),
                Arguments.of("data: x\ndata: y", "edge.yml:2: "),
                Arguments.of("data: x\n---\ndata: y\n", "edge.yml:3: a second document; expected one"),
                Arguments.of("- data: x", "edge.yml:1: expected a group of keys, found a list"),
                Arguments.of(
                        "edge: {addresses: [localhost]}",
                        "edge.yml:1: edge.addresses[0]: expected the IPv4 or IPv6 address of a host, found 'localhost'"),
                Arguments.of(
                        "edge: {addresses: [0.0.0.0]}",
                        "edge.yml:1: edge.addresses[0]: expected the IPv4 or IPv6 address of a host, found '0.0.0.0'"),
                Arguments.of(
                        "edge: {addresses: [\"ff02::1\"]}",
                        "edge.yml:1: edge.addresses[0]: expected the IPv4 or IPv6 address of a host, found 'ff02::1'"),
                Arguments.of(
                        "origin: {allow: [127.0.0.0/99]}",
                        "edge.yml:1: origin.allow[0]: expected an address or network such as 127.0.0.0/8"),
                Arguments.of(
                        "origin: {address-map: {192.0.2.1: 127.0.0.1}}",
                        "edge.yml:1: origin.address-map.192.0.2.1: expected an address and port"),
                Arguments.of(
                        "admin: {import-max: 1}", "edge.yml:1: admin.import-max: expected a size from 1KiB to 64GiB"),
                Arguments.of(
                        "http: {listen: [{address: 127.0.0.1, port: 80}, {address: 127.0.0.1, port: 80}]}",
                        "edge.yml:1: http.listen[1]: listens on 127.0.0.1:80 a second time"),
                Arguments.of(
                        "http: {listen: [{address: 127.0.0.1, ports: [80, 8080]}, {address: 127.0.0.1, port: 8080}]}",
                        "edge.yml:1: http.listen[1]: listens on 127.0.0.1:8080 a second time"),
                Arguments.of(
                        "http: {listen: [{address: 127.0.0.1, port: 80, ports: standard}]}",
                        "edge.yml:1: http.listen[0].ports: stands in place of port and public-port"),
                Arguments.of(
                        "http: {listen: [{address: 127.0.0.1, ports: all}]}",
                        "edge.yml:1: http.listen[0].ports: expected standard or a list of ports, found 'all'"),
                Arguments.of(
                        "http: {listen: [{address: 127.0.0.1, ports: [0]}]}",
                        "edge.yml:1: http.listen[0].ports[0]: expected a whole number from 1 to 65535, found '0'"),
                Arguments.of(
                        "http: {listen: [{address: 0.0.0.0, port: 80}]}",
                        "edge.yml: edge.addresses: expected the addresses that visitors reach"),
                Arguments.of(
                        "admin: {listen: [{address: 127.0.0.1, port: 8080}]}",
                        "edge.yml: admin.listen: wants 127.0.0.1:8080, which http.listen has already"),
                Arguments.of("https: {certificate: a.pem}", "edge.yml: https.certificate: needs https.key"),
                Arguments.of(
                        "https: {listen: [{address: 127.0.0.1, port: 443}]}",
                        "edge.yml: https.listen: is set, but nothing can be served there without https.certificate"),
                Arguments.of(
                        "dns: {tls: {listen: [{address: 127.0.0.1, port: 853}]}}",
                        "edge.yml: dns.tls.listen: is set, but nothing can be served there without dns.tls.certificate or"
                                + " https.certificate"),
                Arguments.of(
                        "dns: {https: {listen: [{address: 127.0.0.1, port: 444}]}}",
                        "edge.yml: dns.https.listen: is set, but nothing can be served there without dns.tls.certificate or"
                                + " https.certificate"),
                Arguments.of(
                        "dns: {https: {cleartext-listen: [{address: 192.0.2.1}]}}",
                        "edge.yml: dns.https.cleartext-listen: 192.0.2.1:8054 is not on loopback"),
                Arguments.of("dns: {tls: {key: a.pem}}", "edge.yml: dns.tls.certificate: needs dns.tls.key"),
                Arguments.of(
                        "dns: {tcp: {idle: 1s, idle-min: 2s}}",
                        "edge.yml: dns.tcp.idle-min: is longer than dns.tcp.idle"),
                Arguments.of(
                        "{https: {certificate: a.pem, key: b.pem}, dns: {tls: {listen: [{address: 127.0.0.1, port: 8443}]}}}",
                        "edge.yml: https.listen: wants 127.0.0.1:8443, which dns.tls.listen has already"),
                Arguments.of(
                        "zones: {ttl-min: 7200, ttl-max: 3600}", "edge.yml: zones.ttl-min: is above zones.ttl-max"),
                Arguments.of(
                        "zones: {soa: {refresh: 1200}}",
                        "edge.yml: zones.soa.retry: 2400 is above zones.soa.refresh, which is 1200"));
    }

    @ParameterizedTest
    @MethodSource("problemsByText")
    void a_bad_value_is_told_with_key_and_expectation(String text, String problem) {
        assertThat(problems(text)).hasSize(1).first().asString().startsWith(problem);
    }

    @Test
    void a_key_that_has_another_name_now_is_told_with_it() {
        assertThat(problems("origin: {resolvers: ['192.0.2.1:53'], resolve-timeout: 2s}"))
                .containsExactly(
                        "edge.yml:1: origin.resolvers: no such key; it is called resolver.servers now",
                        "edge.yml:1: origin.resolve-timeout: no such key; it is called resolver.timeout now");
    }

    @Test
    void a_missing_file_is_one_clear_line() {
        assertThatThrownBy(() -> ConfigReader.read(Path.of("nowhere", "edge.yml")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("nowhere/edge.yml: no such file");
    }

    @Test
    void a_folder_and_a_file_that_is_no_text_are_one_clear_line(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> ConfigReader.read(folder))
                .isInstanceOf(ConfigException.class)
                .hasMessage(folder + ": a folder, not a configuration file");
        Path file = Files.write(folder.resolve("edge.yml"), new byte[] {'d', 'a', 't', 'a', ':', ' ', (byte) 0xff});
        assertThatThrownBy(() -> ConfigReader.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessage(file + ": not text in UTF-8");
    }

    @Test
    void values_are_read_as_they_are_meant() {
        EdgeConfig config = ConfigReader.read("""
                node: {id: edge-1, colo: FRA}
                stop-timeout: 1500ms
                edge: {addresses: [192.0.2.10, "2001:db8::10"]}
                dns:
                  listen:
                    - {address: "::1", port: 53}
                    - {address: 127.0.0.1}
                http:
                  listen:
                    - {address: 127.0.0.1, port: 0, public-port: 8080}
                origin:
                  allow: [127.0.0.0/8]
                  address-map: {192.0.2.1: "127.0.0.1:9000"}
                admin: {import-max: 2MiB}
                """, "edge.yml");
        assertThat(config.value(Keys.NODE_ID)).contains("edge-1");
        assertThat(config.value(Keys.STOP_TIMEOUT)).isEqualTo(Duration.ofMillis(1500));
        assertThat(config.edgeAddresses())
                .containsExactly(InetAddress.ofLiteral("192.0.2.10"), InetAddress.ofLiteral("2001:db8::10"));
        assertThat(config.value(DnsKeys.LISTEN).toString()).isEqualTo("[[::1]:53, 127.0.0.1:5300]");
        assertThat(config.value(Keys.HTTP_LISTEN))
                .containsExactly(new ListenerAddress(InetAddress.ofLiteral("127.0.0.1"), 0, 8080));
        assertThat(config.value(ProxyKeys.ORIGIN_ADDRESS_MAP))
                .isEqualTo(Map.of(
                        InetAddress.ofLiteral("192.0.2.1"), new HostPort(InetAddress.ofLiteral("127.0.0.1"), 9000)));
        assertThat(config.value(Keys.ADMIN_IMPORT_MAX)).isEqualTo(2L << 20);
    }

    @Test
    void listeners_of_several_ports_are_each_public_as_they_are() {
        EdgeConfig config = ConfigReader.read("""
                edge: {addresses: [192.0.2.10]}
                http:
                  listen:
                    - {address: 127.0.0.1, ports: standard}
                    - {address: "::1", ports: [9000, 80]}
                    - {address: 127.0.0.2, port: 8080}
                """, "edge.yml");
        assertThat(config.value(Keys.HTTP_LISTEN))
                .filteredOn(listener -> listener.port() == listener.publicPort())
                .extracting(ListenerAddress::toString)
                .containsExactly(
                        "127.0.0.1:80",
                        "127.0.0.1:2052",
                        "127.0.0.1:2082",
                        "127.0.0.1:2086",
                        "127.0.0.1:2095",
                        "127.0.0.1:8080",
                        "127.0.0.1:8880",
                        "[::1]:80",
                        "[::1]:9000");
        assertThat(config.value(Keys.HTTP_LISTEN))
                .last()
                .isEqualTo(new ListenerAddress(InetAddress.ofLiteral("127.0.0.2"), 8080, 80));
        assertThat(ConfigReader.read(ConfigText.of(config), "edge.yml").value(Keys.HTTP_LISTEN))
                .isEqualTo(config.value(Keys.HTTP_LISTEN));
    }

    @Test
    void without_a_file_the_edge_answers_with_its_loopback_addresses_and_https_is_off() {
        assertThat(EdgeConfig.DEFAULTS.edgeAddresses())
                .containsExactlyInAnyOrder(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));
        assertThat(EdgeConfig.DEFAULTS.httpsListen()).isEmpty();
    }

    @Test
    void an_empty_or_usual_https_listen_needs_no_certificate() {
        assertThat(ConfigReader.read("https: {listen: []}", "edge.yml").httpsListen())
                .isEmpty();
        String printed = ConfigText.of(EdgeConfig.DEFAULTS);
        assertThat(ConfigReader.read(printed, "edge.yml").httpsListen()).isEmpty();
    }

    @Test
    void encrypted_dns_shows_the_certificate_of_https_unless_it_has_its_own() {
        assertThat(EdgeConfig.DEFAULTS.dnsTlsListen()).isEmpty();
        EdgeConfig https = ConfigReader.read("https: {certificate: a.pem, key: b.pem}", "edge.yml");
        assertThat(https.dnsTlsListen()).hasSize(2);
        assertThat(https.dnsHttpsListen()).hasSize(2);
        assertThat(https.dnsCertificate()).contains(new CertificateFiles(Path.of("a.pem"), Path.of("b.pem")));
        EdgeConfig own = ConfigReader.read(
                "{https: {certificate: a.pem, key: b.pem}, dns: {tls: {certificate: c.pem, key: d.pem}}}", "edge.yml");
        assertThat(own.dnsCertificate()).contains(new CertificateFiles(Path.of("c.pem"), Path.of("d.pem")));
    }

    @Test
    void a_syslog_target_needs_its_server() {
        assertThat(problems("""
                access-log: {target: syslog}
                """)).containsExactly("edge.yml: access-log.target: needs access-log.syslog");
    }

    @Test
    void every_key_and_default_is_as_published() throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/defaults.yml"))) {
            String published = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(ConfigText.of(EdgeConfig.DEFAULTS)).isEqualTo(published);
        }
    }

    @Test
    void every_key_that_is_declared_is_in_the_table_once() {
        Stream<Key<?>> declared = new ClassFileImporter()
                .importPackagesOf(Keys.class).stream()
                        .flatMap(type -> type.getFields().stream())
                        .filter(field -> field.getRawType().isEquivalentTo(Key.class))
                        .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                        .map(ConfigReaderTest::key);
        assertThat(Keys.ALL).containsExactlyInAnyOrderElementsOf(declared.toList());
    }

    private static Key<?> key(JavaField field) {
        try {
            return (Key<?>) Objects.requireNonNull(field.reflect().get(null));
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void the_printed_configuration_reads_back_as_itself() {
        EdgeConfig config = EdgeConfig.DEFAULTS
                .with(Keys.DATA, Path.of("/var/lib/any castle"))
                .with(Keys.COLO, "FRA1")
                .with(Keys.EDGE_ADDRESSES, List.of(InetAddress.ofLiteral("2001:db8::1")))
                .with(DnsKeys.LISTEN, List.of(new ListenerAddress(InetAddress.ofLiteral("::1"), 53, 53)));
        EdgeConfig again = ConfigReader.read(ConfigText.of(config), "edge.yml");
        for (Key<?> key : Keys.ALL) {
            assertThat(again.value(key)).as(key.path()).isEqualTo(config.value(key));
        }
    }

    private static List<String> problems(String text) {
        ConfigException bad = catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(text, "edge.yml"));
        return Objects.requireNonNull(bad, "no problem was found").problems();
    }
}
