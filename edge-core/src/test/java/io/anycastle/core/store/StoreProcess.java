package io.anycastle.core.store;

import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A store in a process of its own, for tests that kill it or take its disk away. It reads commands line by line and answers each with
 * one line: {@code write PREFIX COUNT}, {@code count}, and {@code flood}, which writes on several threads and tells each name that was
 * acknowledged until it is killed.
 */
final class StoreProcess implements AutoCloseable {
    private static final int FLOOD_THREADS = 4;

    private final Process process;
    private final BufferedReader out;

    private StoreProcess(Process process) {
        this.process = process;
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    public static void main(String[] args) throws IOException {
        try (ClusteredStore store = Stores.open(Path.of(args[0]))) {
            if (store.view().get().zones().isEmpty()) {
                Stores.applied(store.apply(Stores.newZone()));
            }
            System.out.println("ready");
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "write" -> System.out.println(store.apply(batch(words[1], Integer.parseInt(words[2]))));
                    case "count" -> System.out.println(Stores.zone(store).recordCount());
                    case "flood" -> flood(store, words[1]);
                    default -> throw new IllegalArgumentException(line);
                }
            }
        }
    }

    private static ChangeSet batch(String prefix, int count) {
        return ChangeSet.of(
                Stores.ZONE,
                IntStream.range(0, count)
                        .mapToObj(i -> new Edit.CreateRecord(RecordDraft.of(prefix + "-" + i, "A", "192.0.2.1")))
                        .toArray(Edit[]::new));
    }

    private static void flood(ClusteredStore store, String round) {
        for (int t = 0; t < FLOOD_THREADS; t++) {
            String prefix = round + "-" + t;
            Thread.ofPlatform().start(() -> {
                for (int i = 0; ; i++) {
                    Stores.applied(store.apply(Stores.add(prefix + "-" + i, "192.0.2.1")));
                    System.out.println(prefix + "-" + i);
                }
            });
        }
    }

    /** Starts one; {@code shell} is run by bash just before, in the same process. */
    static StoreProcess start(Path folder, String shell) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", shell + " exec \"$@\"", "bash"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--"))
                .forEach(command::add);
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StoreProcess.class.getName()));
        command.add(folder.toString());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        StoreProcess store = new StoreProcess(process);
        String first = store.line();
        if (!first.equals("ready")) {
            store.close();
            throw new IOException("the store process says: " + first);
        }
        return store;
    }

    void say(String command) throws IOException {
        process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    String ask(String command) throws IOException {
        say(command);
        return line();
    }

    String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the store process has ended");
        }
        return line;
    }

    long pid() {
        return process.pid();
    }

    /** Kills it (SIGKILL) and returns what it had said and nobody had read. */
    List<String> kill() throws IOException, InterruptedException {
        process.toHandle().destroyForcibly(); // unlike the process' own method, this leaves its last words readable
        List<String> rest = new ArrayList<>(out.lines().toList());
        process.waitFor();
        return rest;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
