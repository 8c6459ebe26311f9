package io.anycastle.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cluster as its operator runs it: three processes on three networks, by the command line alone. */
final class ThreeMachinesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private static final int PORT = 7301;

    private void configure(int machine) throws IOException {
        Files.writeString(folder.resolve(machine + ".yml"), """
                data: %s
                node: {id: node-%d}
                edge: {addresses: [198.51.100.1]}
                dns: {listen: [{address: 127.0.0.1, port: 5300}]}
                http: {listen: [{address: 127.0.0.1, port: 8080}]}
                admin: {listen: [{address: 127.0.0.1, port: 8053}]}
                proxy: {warm-up: 0s}
                cluster: {listen: "%s:%d", ask-interval: 1s, heartbeat-timeout: 5s}
                """.formatted(
                        folder.resolve("data-" + machine), machine, Machines.address(machine), PORT));
    }

    private static void awaitReady(Machines machines, int machine, int times) {
        TestNode.await("node " + machine + " is ready", () -> {
            try {
                return machines.log(machine).split("ready, \\d+ ms", -1).length == times + 1;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Asks the node itself until it counts so many members. */
    private static void awaitMembers(Machines machines, int machine, int members) {
        TestNode.await("node " + machine + " counts " + members + " members", () -> {
            try {
                JsonObject status = new JsonObject(machines.edge(machine, "status", "--json"));
                return status.getJsonObject("store").getInteger("members") == members;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** A change is answered once it lies on two disks; the third node has it soon. */
    private static void awaitPrinted(String part, Machines machines, int machine, String... arguments) {
        TestNode.await("node " + machine + " tells " + part, () -> {
            try {
                return machines.edge(machine, arguments).contains(part);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static void joinBy(Machines machines, int host, int guest) throws Exception {
        String token = machines.edge(host, "cluster", "invite").strip();
        machines.run(guest, "--join", token);
        awaitReady(machines, guest, 1);
    }

    @Test
    void three_nodes_find_each_other_by_invitations_survive_a_kill_and_shut_out_a_removed_one() throws Exception {
        try (Machines machines = Machines.start(folder)) {
            for (int machine = 1; machine <= 3; machine++) {
                configure(machine);
            }
            machines.run(1);
            awaitReady(machines, 1, 1);
            joinBy(machines, 1, 2);
            awaitMembers(machines, 2, 2);
            joinBy(machines, 2, 3);
            for (int machine = 1; machine <= 3; machine++) {
                awaitMembers(machines, machine, 3);
            }
            assertThat(machines.edge(3, "cluster", "list")).contains("node-1", "node-2", "node-3");
            onlyTheTunnelListensOnTheNetwork(machines);
            machines.edge(3, "zone", "add", "shared.test");
            awaitPrinted("shared.test", machines, 1, "zone", "list");
            machines.edge(1, "record", "add", "www.shared.test", "A", "192.0.2.33");
            awaitPrinted("shared.test", machines, 2, "zone", "list");
            awaitPrinted("192.0.2.33", machines, 2, "record", "list", "shared.test");

            machines.kill(2);
            awaitMembers(machines, 1, 2);
            machines.run(2);
            awaitReady(machines, 2, 2);
            for (int machine = 1; machine <= 3; machine++) {
                awaitMembers(machines, machine, 3);
            }

            assertThat(machines.edge(1, "cluster", "rotate")).contains("The cluster has a new CA");
            assertThat(machines.edge(1, "cluster", "remove", "node-3")).contains("Node node-3 (number 3) was removed.");
            awaitMembers(machines, 1, 2);
            awaitMembers(machines, 2, 2);
            awaitMembers(machines, 3, 1);
            TestNode.await("node 3 knows why", () -> {
                try {
                    return machines.log(3).contains("was removed from the cluster");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private static void onlyTheTunnelListensOnTheNetwork(Machines machines) throws Exception {
        for (int machine = 1; machine <= 3; machine++) {
            List<String> open = machines.output(machine, List.of("ss", "-Hltn"))
                    .lines()
                    .map(line -> line.split("\\s+")[3].replace("[::ffff:", "").replace("]", ""))
                    .filter(address -> !address.startsWith("127."))
                    .toList();
            assertThat(open).containsExactly(Machines.address(machine) + ":" + PORT);
        }
    }
}
