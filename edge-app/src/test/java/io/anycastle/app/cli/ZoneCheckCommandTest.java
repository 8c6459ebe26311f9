package io.anycastle.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.PublicDns;
import io.anycastle.app.TestNode;
import io.anycastle.app.cli.Screen.Shown;
import io.anycastle.app.config.CheckKeys;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.core.model.DomainName;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The commands by which a zone becomes active, against a node that checks its zones. */
final class ZoneCheckCommandTest {
    @AutoClose
    private static final PublicDns world = PublicDns.start();

    @AutoClose
    private static final TestNode node = TestNode.start(ZoneCheckCommandTest::checking);

    private static final Screen screen = node.screen();

    private static EdgeConfig checking(EdgeConfig config) {
        return world.checking(config).with(CheckKeys.PARTIAL_SUFFIX, Optional.of(DomainName.of("cdn.edge.example")));
    }

    @Test
    void a_check_tells_what_to_change_and_ends_with_1_until_the_zone_is_active() {
        assertThat(screen.done("zone", "add", "cli.example")).isEqualTo("""
                        Zone cli.example added: pending.
                        Point its delegation to: ns1.edge.example, ns2.edge.example
                        """);
        assertThat(screen.done("zone", "show", "cli.example"))
                .contains("Checked       not yet")
                .contains("Next check    20");
        world.delegate("cli.example", "a.old.example");
        Shown pending = screen.run("zone", "check", "cli.example");
        assertThat(pending.code()).isEqualTo(1);
        assertThat(pending.err()).isEqualTo("edge: Zone cli.example is not active.\n");
        assertThat(pending.out())
                .contains("Status        pending")
                .containsPattern("Checked       20[^ ]+: does not point here, found a.old.example\n")
                .contains(
                        "To do         at the registrar of cli.example add ns1.edge.example, ns2.edge.example and remove"
                                + " a.old.example\n");
        world.delegateToEdge("cli.example");
        assertThat(screen.done("zone", "check", "cli.example"))
                .contains("Status        active")
                .contains(": points here")
                .doesNotContain("To do");
        assertThat(screen.done("status")).containsPattern("Checks    \\d+ zones by public DNS, by this node");
    }

    @Test
    void a_partial_zone_is_added_with_the_steps_that_its_keeper_takes() {
        String added = screen.done("zone", "add", "part.example", "--type", "partial");
        assertThat(added).matches("""
                Zone part\\.example added: pending\\.
                At its DNS provider add this record, and leave it there:
                  cloudflare-verify\\.part\\.example TXT "\\d{9,10}-\\d{9,10}"
                Then point each proxied host to its own name below cdn\\.edge\\.example, for example:
                  www\\.part\\.example CNAME www\\.part\\.example\\.cdn\\.edge\\.example
                """);
        String value = added.substring(added.indexOf('"') + 1, added.lastIndexOf('"'));
        world.text("part.example", "cloudflare-verify", value);
        assertThat(screen.done("zone", "check", "part.example"))
                .contains("Verification  cloudflare-verify.part.example TXT \"" + value + "\"")
                .contains("CNAME suffix  cdn.edge.example")
                .contains("Status        active");
    }

    @Test
    void a_zone_is_vouched_for_and_the_word_is_taken_back() {
        screen.done("zone", "add", "vouched.example");
        assertThat(screen.done("zone", "activate", "vouched.example"))
                .isEqualTo("Zone vouched.example is active, and not checked.\n");
        assertThat(screen.done("zone", "check", "vouched.example")).contains("Checked       no: always active");
        assertThat(screen.done("zone", "activate", "vouched.example", "--off"))
                .isEqualTo("Zone vouched.example is active, and checked.\n");
        assertThat(screen.done("zone", "add", "home.example", "--always-active"))
                .startsWith("Zone home.example added: active.");
    }
}
