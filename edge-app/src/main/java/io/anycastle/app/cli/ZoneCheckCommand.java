package io.anycastle.app.cli;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code edge zone check}. */
@Command(
        name = "check",
        description = "Asks public DNS about a zone now, and tells what it says and what to change.",
        footer = {"", "Ends with 1 when the zone is not active after that."})
final class ZoneCheckCommand extends io.anycastle.app.cli.Command {
    private static final Duration LOOK = Duration.ofMillis(100);

    @Parameters(paramLabel = "ZONE", description = "The zone's name or id.")
    String name = "";

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "How long to wait for the outcome; 30 when not given.")
    int waitSeconds = 30;

    ZoneCheckCommand(Environment environment) {
        super(environment);
    }

    @Override
    void run(NodeClient client) {
        JsonObject before = new Zones(client).named(name);
        String address = "/zones/" + before.getString("id");
        client.call(HttpMethod.PUT, address + "/activation_check", null);
        JsonObject zone = client.read(address);
        if (ZonePointing.isChecked(zone)) {
            zone = awaited(client, address, ZonePointing.activation(before));
        }
        say("Zone          " + zone.getString("name"));
        say("Status        " + zone.getString("status"));
        ZonePointing.lines(zone).forEach(this::say);
        if (!"active".equals(zone.getString("status"))) {
            throw CommandException.of("Zone " + zone.getString("name") + " is not active.");
        }
    }

    /** The zone once a check has ended that was not there before, or as it is when the time is up. */
    private JsonObject awaited(NodeClient client, String address, JsonObject before) {
        long deadline = System.nanoTime() + Duration.ofSeconds(waitSeconds).toNanos();
        while (true) {
            JsonObject zone = client.read(address);
            boolean isChecked = !Objects.equals(
                    ZonePointing.activation(zone).getString("checked_on"), before.getString("checked_on"));
            if (isChecked || System.nanoTime() > deadline) {
                return zone;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }
}
