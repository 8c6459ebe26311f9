package io.anycastle.app.cli;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code edge dns-only}: the account-wide switch for a bad day. */
@Command(
        name = "dns-only",
        description =
                "Takes every zone off the proxy, or puts it back: with 'on' proxied names answer their content. Works at once on a"
                        + " node that is cut off; the others take it when they meet again.")
final class DnsOnlyCommand extends NodeCommand {
    private static final String PATH = "/accounts/self/dns_settings";

    @Parameters(paramLabel = "on|off|show", defaultValue = "show", description = "What to do (default: show).")
    String state = "show";

    DnsOnlyCommand(Environment environment) {
        super(environment);
    }

    @Override
    void run(NodeClient client) {
        boolean isOn = switch (state) {
            case "on" -> set(client, true);
            case "off" -> set(client, false);
            case "show" -> client.read(PATH).getBoolean("enforce_dns_only");
            default -> throw CommandException.usage("expected on, off or show, found '" + state + "'");
        };
        say(isOn ? "DNS only: all proxied names answer their content." : "Proxying as each zone and record says.");
    }

    private static boolean set(NodeClient client, boolean isOn) {
        return client.call(HttpMethod.PATCH, PATH, new JsonObject().put("enforce_dns_only", isOn))
                .getBoolean("enforce_dns_only");
    }
}
