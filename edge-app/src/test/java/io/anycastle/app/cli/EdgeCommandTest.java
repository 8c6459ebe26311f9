package io.anycastle.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.SelfSigned;
import io.anycastle.app.TestNode;
import io.anycastle.app.cli.Screen.Shown;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The command line against a running node. */
final class EdgeCommandTest {
    @AutoClose
    private static final TestNode node = TestNode.start();

    /** Has no token, and finds it in the data folder. */
    private static final Screen screen = new Screen(node.folder(), Map.of("ANYCASTLE_SERVER", node.server()));

    static {
        node.addZone("listed.test");
    }

    /** Every command there is, found in the command line itself, so that none is forgotten. */
    static List<String> commands() {
        List<String> paths = new ArrayList<>();
        collect(EdgeCommand.commandLine(screen.environment()), "", paths);
        return paths;
    }

    private static void collect(CommandLine command, String path, List<String> paths) {
        paths.add(path);
        command.getSubcommands().forEach((name, below) -> collect(below, (path + " " + name).strip(), paths));
    }

    @Test
    void the_command_line_has_the_commands_that_users_were_told_of() {
        assertThat(commands())
                .contains("", "run", "demo", "status")
                .contains(
                        "zone add", "zone list", "zone show", "zone rm", "zone import", "zone export", "zone activate")
                .contains("record add", "record list", "record set", "record rm")
                .hasSizeGreaterThan(30);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_helps(String command) {
        for (String option : List.of("--help", "-h")) {
            assertThat(screen.done((command + " " + option).strip().split(" ")))
                    .startsWith("Usage: edge " + command)
                    .contains("Show this help.");
        }
    }

    static List<String> listings() {
        return commands().stream()
                .filter(command -> command.matches(".*(list|show|status)"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("listings")
    void every_listing_has_json_for_scripts(String listing) {
        String of = switch (listing) {
            case "zone show", "record list", "zone page list" -> " listed.test";
            case "zone page show" -> " listed.test 5xx";
            default -> "";
        };
        String json = screen.done((listing + of + " --json").split(" "));
        assertThat(Json.decodeValue(json)).isInstanceOf(listing.matches(".*list") ? JsonArray.class : JsonObject.class);
    }

    @Test
    void the_help_tells_the_exit_codes_and_the_version_is_an_option_too() {
        assertThat(screen.done("--help")).contains("Exit codes:").containsPattern("1 +Refused or failed");
        assertThat(screen.done("--version")).isEqualTo(screen.done("version")).startsWith("anycastle ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "man                                 | 'edge help'",
                "cache purge                         | keeps no answers of origins",
                "domain add x.test                   | 'edge zone'",
                "zome list                           | 'zone'",
                "stop                                | systemctl stop anycastle",
                "floods                              | 'edge help floods'",
                "bgp                                 | 'edge help anycast'",
                "record lst x.test                   | 'list'",
                "record delete x.test                | 'rm'",
                "record get x.test                   | 'list'",
                "zone create x.test                  | 'add'",
                "zone ls                             | 'list'",
                "zone get x.test                     | 'show'",
                "zone update x.test                  | 'set'",
                "cluster delete paris                | 'remove'",
                "record list x.test --jsn            | '--json'",
            })
    void what_is_nearly_understood_is_told_what_it_may_mean_and_not_the_whole_usage(String words, String meant) {
        Shown shown = screen.run(words.split(" "));
        assertThat(shown.code()).isEqualTo(CommandException.USAGE);
        assertThat(shown.err())
                .contains("Did you mean")
                .contains(meant)
                .contains("--help' shows what there is")
                .doesNotContain("upgrade-check")
                .doesNotContain("Usage:");
        assertThat(shown.err().lines()).hasSizeLessThanOrEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "'', a command is missing",
        "zone, a command is missing",
        "nonsense, Unmatched argument",
        "zone add, Missing required parameter: 'NAME'",
        "record list example.com --bogus, Unknown option: '--bogus'",
        "status --server nowhere --token x, --server: expected a URL",
        "record add www.example.com A 192.0.2.1 --ttl soon, Invalid value for option '--ttl'",
        "record add www.example.com TXT -all, behind '--'"
    })
    void what_is_not_understood_ends_with_2(String command, String message) {
        Shown shown = command.isEmpty() ? screen.run() : screen.run(command.split(" "));
        assertThat(shown.code()).isEqualTo(2);
        assertThat(shown.err()).startsWith("edge: ").contains(message);
    }

    @ParameterizedTest
    @CsvSource({
        "zone show nowhere.example, zone 'nowhere.example': there is no such zone",
        "record add www.nowhere.example A 192.0.2.1, lies in no zone of this node",
        "zone add bad_.-?name, a name is made of",
        "zone import missing.zone, missing.zone: no readable file",
        "status --token 0000000000000000000000000000000000000000, Invalid access token",
        "status --server http://127.0.0.1:1 --token x, is the node running",
        "zone list --server http://127.0.0.1:1 --data elsewhere, no admin token"
    })
    void what_is_refused_ends_with_1(String command, String message) {
        Shown shown = screen.run(command.split(" "));
        assertThat(shown.err()).contains(message);
        assertThat(shown.code()).isEqualTo(1);
        assertThat(shown.out()).isEmpty();
    }

    @Test
    void a_zone_lives_from_add_to_rm() {
        assertThat(screen.done("zone", "add", "cli.test"))
                .startsWith("Zone cli.test added: active.")
                .contains("ns1.anycastle.invalid");
        assertThat(screen.done("record", "add", "www.cli.test", "A", "192.0.2.1", "--proxied", "--comment", "the site"))
                .isEqualTo("""
                        Type  Name          Content    Proxy status  TTL
                        A     www.cli.test  192.0.2.1  Proxied       Auto
                        """);
        screen.done(
                "record", "add", "@", "MX", "mail.cli.test", "--priority", "10", "--ttl", "3600", "--zone", "cli.test");
        screen.done("record", "add", "mail.cli.test", "A", "192.0.2.2", "--ttl", "300");
        screen.done("record", "add", "mixed.cli.test", "CNAME", "x.example");
        assertThat(screen.done("record", "add", "mixed.cli.test", "TXT", "hello"))
                .contains("note: beside other records the CNAME of mixed.cli.test is answered flattened");
        screen.done("record", "rm", "mixed.cli.test", "--all");
        assertThat(screen.done("record", "list", "cli.test")).isEqualTo("""
                Type  Name           Content           Proxy status  TTL
                MX    cli.test       10 mail.cli.test  DNS only      1 hr
                A     mail.cli.test  192.0.2.2         DNS only      5 min
                A     www.cli.test   192.0.2.1         Proxied       Auto
                """);
        assertThat(screen.done("record", "list", "cli.test", "--type", "MX"))
                .contains("mail.cli.test")
                .doesNotContain("www");
        assertThat(screen.done("record", "set", "www.cli.test", "A", "192.0.2.9", "--no-proxied"))
                .contains("192.0.2.9  DNS only");
        assertThat(node.dns("www.cli.test", "A")).isEqualTo("192.0.2.9");
        assertThat(screen.done("record", "set", "new.cli.test", "A", "192.0.2.10"))
                .contains("new.cli.test");
        assertThat(screen.done("record", "rm", "new.cli.test")).contains("Removed.");
        assertThat(screen.run("record", "rm", "new.cli.test", "--all").err())
                .isEqualTo("edge: new.cli.test: there is no such record\n");
        assertThat(screen.done("zone", "show", "cli.test"))
                .contains("Status        active")
                .contains("www.cli.test");
        assertThat(screen.done("zone", "export", "cli.test")).contains("www.cli.test.\t");
        assertThat(screen.done("zone", "activate", "cli.test"))
                .isEqualTo("Zone cli.test is active, and not checked.\n");
        assertThat(screen.done("zone", "list")).containsPattern("cli.test +full +active +ns1.anycastle.invalid");
        assertThat(screen.done("zone", "rm", "cli.test")).isEqualTo("Zone cli.test removed.\n");
        assertThat(node.dns("www.cli.test", "A")).isEqualTo("REFUSED");
    }

    @Test
    void listings_and_status_are_json_for_scripts() {
        String zone = node.addZone("json.test");
        node.addRecord(zone, "www", "A", "192.0.2.1");
        assertThat(new JsonArray(screen.done("zone", "list", "--json"))).isNotEmpty();
        assertThat(new JsonArray(screen.done("record", "list", "json.test", "--json"))
                        .getJsonObject(0)
                        .getString("name"))
                .isEqualTo("www.json.test");
        assertThat(new JsonObject(screen.done("zone", "show", "json.test", "--json")).getJsonArray("records"))
                .hasSize(1);
        JsonObject status = new JsonObject(screen.done("status", "--json"));
        assertThat(status.getBoolean("ready")).isTrue();
        assertThat(status.getJsonArray("listeners").encode())
                .contains("dns/udp")
                .contains("admin")
                .contains("http");
        assertThat(screen.done("status"))
                .startsWith("Node      ")
                .contains("Ready     yes")
                .contains("dns/udp");
    }

    @Test
    void the_status_tells_that_every_zone_is_off_the_proxy_as_long_as_that_lasts() {
        screen.done("dns-only", "on");
        try {
            assertThat(screen.done("status")).contains("DNS only  all proxied names answer their content");
        } finally {
            screen.done("dns-only", "off");
        }
        assertThat(screen.done("status")).doesNotContain("DNS only");
    }

    @Test
    void a_name_with_several_records_is_not_changed_by_guess() {
        String zone = node.addZone("several.test");
        node.addRecord(zone, "www", "A", "192.0.2.1");
        String second = node.addRecord(zone, "www", "A", "192.0.2.2").getString("id");
        Shown set = screen.run("record", "set", "www.several.test", "A", "192.0.2.3");
        assertThat(set.code()).isEqualTo(1);
        assertThat(set.err()).contains("2 records match").contains(second);
        assertThat(screen.run("record", "rm", "www.several.test").code()).isEqualTo(1);
        screen.done("record", "set", "www.several.test", "A", "192.0.2.3", "--id", second);
        screen.done("record", "rm", "www.several.test", "A", "192.0.2.3");
        assertThat(node.dns("www.several.test", "A")).isEqualTo("192.0.2.1");
    }

    @Test
    void a_zone_sets_its_own_soa_and_gives_it_back() {
        node.addZone("own-soa.test");
        assertThat(screen.done(
                        "zone", "set", "own-soa.test", "--soa", "rname=keeper.own-soa.test", "--soa", "min_ttl=301"))
                .contains("\"rname\":\"keeper.own-soa.test\"")
                .contains("\"min_ttl\":301");
        assertThat(node.dns("own-soa.test", "SOA"))
                .contains(" keeper.own-soa.test. ")
                .endsWith(" 301");
        assertThat(screen.done("zone", "set", "own-soa.test", "--soa", "rname"))
                .contains("\"rname\":\"hostmaster.own-soa.test\"")
                .contains("\"min_ttl\":301");
        Shown refused = screen.run("zone", "set", "own-soa.test", "--ns-ttl", "1", "--soa", "expires=1");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("ns_ttl: expected a whole number from 30 to 86400, found 1")
                .contains("soa.expires: no such field; did you mean 'expire'?");
    }

    @Test
    void a_record_says_its_share_and_who_stands_in_for_it() throws Exception {
        node.addZone("share.test");
        assertThat(screen.done(
                        "record",
                        "add",
                        "app.share.test",
                        "A",
                        "192.0.2.1",
                        "--origin-weight",
                        "3",
                        "--origin-balance",
                        "cookie_hash:sid",
                        "--origin-fallback",
                        "https://[2001:db8::9]:8443"))
                .contains("[weight 3, cookie_hash:sid, fallback 2001:db8::9]");
        assertThat(new JsonArray(screen.done("record", "list", "share.test", "--json"))
                        .getJsonObject(0)
                        .getJsonObject("settings")
                        .getJsonObject("origin_fallback")
                        .encode())
                .isEqualTo("{\"origin\":\"2001:db8::9\",\"port\":8443,\"scheme\":\"https\"}");
        assertThat(screen.done(
                        "record",
                        "set",
                        "app.share.test",
                        "A",
                        "--unset",
                        "origin-balance",
                        "--unset",
                        "origin-fallback"))
                .contains("[weight 3]");
        Shown refused = screen.run("record", "set", "app.share.test", "A", "--origin-fallback", "a:b:c");
        assertThat(refused.err()).contains("settings.origin_fallback.origin");
    }

    @Test
    void a_record_says_how_its_origin_is_asked_until_that_is_taken_back() throws Exception {
        node.addZone("asked.test");
        assertThat(screen.done(
                        "record", "add", "app.asked.test", "A", "192.0.2.1", "--proxied", "--origin-port", "3000"))
                .contains("192.0.2.1 [port 3000]  Proxied");
        assertThat(screen.done(
                        "record",
                        "set",
                        "app.asked.test",
                        "A",
                        "--origin-scheme",
                        "https",
                        "--origin-host",
                        "app.internal",
                        "--origin-sni",
                        "app",
                        "--no-origin-tls-verify",
                        "--route",
                        "/api=192.0.2.20:8080",
                        "--route",
                        "/files=https://[2001:db8::1]:8443"))
                .contains("[port 3000, https, host app.internal, SNI app, not verified, 2 routes]");
        JsonObject settings = new JsonArray(screen.done("record", "list", "asked.test", "--json"))
                .getJsonObject(0)
                .getJsonObject("settings");
        assertThat(settings.getJsonArray("routes").getJsonObject(1).encode())
                .isEqualTo("{\"path\":\"/files\",\"origin\":\"2001:db8::1\",\"port\":8443,\"scheme\":\"https\"}");
        assertThat(screen.done(
                        "record",
                        "set",
                        "app.asked.test",
                        "A",
                        "192.0.2.2",
                        "--unset",
                        "routes",
                        "--unset",
                        "origin-sni"))
                .contains("192.0.2.2 [port 3000, https, host app.internal, not verified]");
        Shown refused = screen.run("record", "set", "app.asked.test", "A", "--origin-port", "0", "--route", "/api");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("settings.origin_port '0': expected a whole number from 1 to 65535")
                .contains("settings.routes.0.origin");
        Shown unknown = screen.run("record", "set", "app.asked.test", "A", "--unset", "port");
        assertThat(unknown.code()).isEqualTo(CommandException.USAGE);
        assertThat(unknown.err())
                .contains("--unset: expected one of origin-port, origin-scheme,")
                .contains("found 'port'");
        Shown missing = screen.run("record", "set", "app.asked.test", "A", "--origin-ca", "missing.pem");
        assertThat(missing.err()).isEqualTo("edge: missing.pem: no readable file\n");
        Files.writeString(node.folder().resolve("text.pem"), "no certificate");
        assertThat(screen.run("record", "set", "app.asked.test", "A", "--origin-ca", "text.pem")
                        .err())
                .contains("expected certificates in PEM form");
        Path certificate = SelfSigned.make(node.folder(), "origin.test").certificate();
        assertThat(screen.done("record", "set", "app.asked.test", "A", "--origin-ca", certificate.toString()))
                .contains(", not verified, own CA]");
    }

    @Test
    void a_zone_says_how_its_origins_are_asked_and_by_which_tls() {
        node.addZone("modes.test");
        assertThat(screen.done("zone", "set", "modes.test"))
                .contains("Served on ports      as the node says\n")
                .contains("TLS to origins       full\n")
                .contains("Origins              as their records say\n");
        assertThat(screen.done(
                        "zone", "set", "modes.test", "--tls", "strict", "--origin-port", "8443", "--ns-ttl", "600"))
                .contains("TTL of its NS set    600\n")
                .contains("TLS to origins       strict\n")
                .contains("Origins              port 8443\n");
        assertThat(screen.run("record", "add", "www.modes.test", "A", "192.0.2.1", "--origin-scheme", "http")
                        .err())
                .contains("in a zone whose TLS mode is strict origins are asked in TLS");
        assertThat(screen.run("zone", "set", "modes.test", "--tls", "tight").err())
                .contains("ssl 'tight': expected one of off, flexible, full, strict, origin_pull");
        assertThat(screen.done("zone", "set", "modes.test", "--client-ports", "8443,443"))
                .contains("Served on ports      443, 8443\n");
        assertThat(screen.run("zone", "set", "modes.test", "--client-ports", "443,web")
                        .err())
                .contains("expected a list of 1 to 100 ports, each from 1 to 65535");
        assertThat(screen.done("zone", "set", "modes.test", "--client-ports", "node"))
                .contains("Served on ports      as the node says\n");
        String json = screen.done("zone", "set", "modes.test", "--tls", "node", "--unset", "origin-port", "--json");
        assertThat(new JsonObject(json).getJsonObject("proxy").getString("ssl")).isEqualTo("full");
        assertThat(new JsonObject(json).getJsonObject("proxy").getValue("origin_port"))
                .isNull();
    }

    @Test
    void a_zone_file_is_imported_whole_or_told_line_by_line() throws IOException {
        Path file = node.folder().resolve("import.test.zone");
        Files.writeString(file, "$TTL 300\nwww IN A 192.0.2.1\nbad IN A 1.2.3\nworse IN NOPE x\n");
        Shown refused = screen.run("zone", "import", "import.test.zone");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err().lines().toList())
                .hasSize(3)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("edge: import.test.zone:3: "),
                        line -> assertThat(line).startsWith("edge: import.test.zone:4: "),
                        line -> assertThat(line).isEqualTo("edge: Nothing was imported."));
        assertThat(screen.done("zone", "list")).doesNotContain("import.test");
        Files.writeString(file, "$ORIGIN import.test.\n$TTL 300\n@ IN SOA ns host 1 2 3 4 5\nwww IN A 192.0.2.1\n");
        assertThat(screen.done("zone", "import", "import.test.zone", "--proxied"))
                .contains("warning: left out: the edge makes the SOA")
                .endsWith("1 records imported into import.test.\n");
        assertThat(node.dns("www.import.test", "A")).isEqualTo("198.51.100.1");
    }

    @Test
    void the_configuration_and_the_version_are_printed_without_a_node() throws IOException {
        assertThat(screen.done("config")).startsWith("# Every setting of an Anycastle node.");
        Files.writeString(node.folder().resolve("bad.yml"), "dns: {listen: 5}\nbogus: 1\n");
        Shown bad = screen.run("config", "--config", "bad.yml");
        assertThat(bad.code()).isEqualTo(2);
        assertThat(bad.err().lines()).hasSize(2).allMatch(line -> line.contains("bad.yml:"));
        Shown run = screen.run("run", "--config", "bad.yml");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualTo(bad.err());
        assertThat(screen.done("version")).startsWith("anycastle ");
    }
}
