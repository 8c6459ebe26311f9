package io.anycastle.app.cli;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code edge zone check}. */
@Command(
        name = "check",
        description = "Asks public DNS about a zone now, and tells what it says and what to change.",
        footer = {"", "Ends with 1 when the zone is not active after that."})
final class ZoneCheckCommand extends ZoneCommand {
    private static final Duration LOOK = Duration.ofMillis(100);

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "How long to wait for the outcome; 30 when not given.")
    int waitSeconds = 30;

    ZoneCheckCommand(Environment environment) {
        super(environment);
    }

    @Override
    void run(NodeClient client, JsonObject before) {
        String address = Zones.path(before);
        client.call(HttpMethod.PUT, address + "/activation_check", null);
        JsonObject after = client.read(address);
        if (ZonePointing.isChecked(after)) {
            after = awaited(client, address, ZonePointing.activation(before));
        }
        say("Zone          " + after.getString("name"));
        say("Status        " + after.getString("status"));
        ZonePointing.lines(after).forEach(this::say);
        if (!"active".equals(after.getString("status"))) {
            throw CommandException.of("Zone " + after.getString("name") + " is not active.");
        }
    }

    /** The zone once a check has ended that was not there before, or as it is when the time is up. */
    private JsonObject awaited(NodeClient client, String address, JsonObject before) {
        long deadline = System.nanoTime() + Duration.ofSeconds(waitSeconds).toNanos();
        while (true) {
            JsonObject now = client.read(address);
            boolean isChecked = !Objects.equals(
                    ZonePointing.activation(now).getString("checked_on"), before.getString("checked_on"));
            if (isChecked || System.nanoTime() > deadline) {
                return now;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }
}
