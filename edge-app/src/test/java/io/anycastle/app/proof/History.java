package io.anycastle.app.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What clients did and saw, and what it must mean for the state that the nodes end in. Pure, after the example of Jepsen's checkers.
 *
 * <p>Each write of a name sets it to a value that no other write sets, or deletes it. A write that was acknowledged must be the final one
 * of its name, unless another write of that name can have come after it, or the value is listed as the loser of a merge. A write of
 * unknown outcome may have come at any time from its beginning on, or never.
 */
final class History {
    private final List<Write> writes = new ArrayList<>();
    private final AtomicLong tries = new AtomicLong();

    /** How a client was answered. */
    enum Outcome {
        ACKNOWLEDGED,
        REFUSED,
        UNKNOWN
    }

    /**
     * One write.
     *
     * @param value empty for a deletion
     * @param begun when it was sent, in nanoseconds of one clock
     * @param ended when it was answered
     */
    record Write(String name, Optional<String> value, long begun, long ended, Outcome outcome) {
        boolean mayHaveHappened() {
            return outcome != Outcome.REFUSED;
        }

        /** Whether this one can be the later of the two. */
        boolean canFollow(Write earlier) {
            return outcome == Outcome.UNKNOWN || ended >= earlier.begun;
        }
    }

    /** A client has come to the end of an attempt, whatever became of it. */
    void tried() {
        tries.incrementAndGet();
    }

    /** How many attempts have ended. */
    long tries() {
        return tries.get();
    }

    synchronized void add(Write write) {
        writes.add(write);
    }

    synchronized List<Write> writes() {
        return List.copyOf(writes);
    }

    /**
     * What is wrong, one sentence each; empty when the history explains the state.
     *
     * @param state what every node holds in the end: name to value
     * @param losers values that are listed as losers of merges
     */
    static List<String> problems(List<Write> writes, Map<String, String> state, Set<String> losers) {
        Map<String, List<Write>> byName = new HashMap<>();
        writes.forEach(write ->
                byName.computeIfAbsent(write.name, n -> new ArrayList<>()).add(write));
        List<String> problems = new ArrayList<>();
        Set<String> strange = new HashSet<>(state.keySet());
        strange.removeAll(byName.keySet());
        strange.forEach(name -> problems.add(name + " = " + state.get(name) + ", which nobody wrote"));
        byName.forEach((name, ofName) ->
                problem(ofName, Optional.ofNullable(state.get(name)), losers).ifPresent(problems::add));
        return problems;
    }

    private static Optional<String> problem(List<Write> ofName, Optional<String> last, Set<String> losers) {
        String name = ofName.getFirst().name;
        List<Write> explaining = ofName.stream()
                .filter(write -> write.mayHaveHappened() && write.value.equals(last))
                .toList();
        boolean isUntouched = last.isEmpty() && ofName.stream().noneMatch(w -> w.outcome == Outcome.ACKNOWLEDGED);
        if (explaining.isEmpty() && !isUntouched) {
            return Optional.of(lost(ofName, last, losers)
                    .orElse(name + " = " + last.orElse("nothing") + ", which no write explains"));
        }
        return explaining.isEmpty() ? Optional.empty() : overtaken(ofName, explaining, losers);
    }

    /** An acknowledged write that should still stand. */
    private static Optional<String> lost(List<Write> ofName, Optional<String> last, Set<String> losers) {
        return ofName.stream()
                .filter(write -> write.outcome == Outcome.ACKNOWLEDGED)
                .filter(write ->
                        ofName.stream().noneMatch(w -> !w.equals(write) && w.mayHaveHappened() && w.canFollow(write)))
                .filter(write -> write.value.filter(losers::contains).isEmpty())
                .map(write -> write.name + " = " + last.orElse("nothing") + ", but "
                        + write.value.orElse("its deletion") + " was acknowledged last")
                .findFirst();
    }

    /** The final value may not be older than an acknowledged write that came wholly after it. */
    private static Optional<String> overtaken(List<Write> ofName, List<Write> explaining, Set<String> losers) {
        return ofName.stream()
                .filter(write -> write.outcome == Outcome.ACKNOWLEDGED && !explaining.contains(write))
                .filter(write -> explaining.stream().noneMatch(e -> e.canFollow(write)))
                .filter(write -> write.value.filter(losers::contains).isEmpty())
                .map(write -> write.name + " = " + explaining.getFirst().value.orElse("nothing") + ", but "
                        + write.value.orElse("its deletion") + " was acknowledged after it")
                .findFirst();
    }
}
