package io.anycastle.core.activation;

import io.anycastle.core.model.DomainName;
import java.util.List;
import java.util.stream.Stream;

/** What public DNS must say for a zone to be active. */
public sealed interface Expectation {
    CheckVerdict verdict(Finding finding);

    /** What is expected, for people. */
    List<String> values();

    /** What to change, for people; empty when nothing is. */
    String advice(Finding finding);

    /**
     * The zone is delegated to these servers.
     *
     * @param othersToo whether another operator's servers may stand beside them
     */
    record NameServers(DomainName zone, List<DomainName> ours, boolean othersToo) implements Expectation {
        public NameServers {
            ours = List.copyOf(ours);
        }

        @Override
        public CheckVerdict verdict(Finding finding) {
            return switch (finding) {
                case Finding.Found found -> {
                    boolean hasOurs = found.values().stream().anyMatch(values()::contains);
                    boolean isComplete = missing(found).isEmpty();
                    boolean isAlone = othersToo || foreign(found).isEmpty();
                    yield isComplete && isAlone
                            ? CheckVerdict.OURS
                            : hasOurs ? CheckVerdict.PARTLY : CheckVerdict.ELSEWHERE;
                }
                case Finding.Nothing _ -> CheckVerdict.ELSEWHERE;
                case Finding.NoAnswer _ -> CheckVerdict.UNKNOWN;
            };
        }

        @Override
        public List<String> values() {
            return ours.stream().map(DomainName::toString).toList();
        }

        private List<String> missing(Finding.Found found) {
            return values().stream().filter(v -> !found.values().contains(v)).toList();
        }

        private List<String> foreign(Finding.Found found) {
            return found.values().stream().filter(v -> !values().contains(v)).toList();
        }

        @Override
        public String advice(Finding finding) {
            return switch (finding) {
                case Finding.Found found -> {
                    List<String> steps = Stream.of(
                                    step("add ", missing(found)),
                                    step("remove ", othersToo ? List.of() : foreign(found)))
                            .filter(step -> !step.isEmpty())
                            .toList();
                    yield steps.isEmpty() ? "" : "at the registrar of " + zone + " " + String.join(" and ", steps);
                }
                case Finding.Nothing nothing ->
                    nothing.why() + "; at its registrar set its name servers to " + String.join(", ", values());
                case Finding.NoAnswer none -> none.why();
            };
        }

        private static String step(String verb, List<String> names) {
            return names.isEmpty() ? "" : verb + String.join(", ", names);
        }
    }

    /** The record that shows whose the zone is stands in its DNS, which is elsewhere. */
    record Text(DomainName zone, Verification verification) implements Expectation {
        @Override
        public CheckVerdict verdict(Finding finding) {
            return switch (finding) {
                case Finding.Found found ->
                    found.values().contains(verification.value()) ? CheckVerdict.OURS : CheckVerdict.ELSEWHERE;
                case Finding.Nothing _ -> CheckVerdict.ELSEWHERE;
                case Finding.NoAnswer _ -> CheckVerdict.UNKNOWN;
            };
        }

        @Override
        public List<String> values() {
            return List.of(verification.value());
        }

        @Override
        public String advice(Finding finding) {
            if (verdict(finding) == CheckVerdict.OURS) {
                return "";
            }
            String name = verification.names().isEmpty()
                    ? "a name below " + zone
                    : verification.names().getFirst().toString();
            return switch (finding) {
                case Finding.Found _ ->
                    "the TXT record found has another value; at the DNS provider of " + zone + " set TXT " + name
                            + " to \"" + verification.value() + "\"";
                case Finding.Nothing _ ->
                    "at the DNS provider of " + zone + " add TXT " + name + " with the value \"" + verification.value()
                            + "\" and leave it there";
                case Finding.NoAnswer none -> none.why();
            };
        }
    }
}
