package io.anycastle.core.activation;

import java.util.List;

/** What public DNS answered when it was asked about a zone. */
public sealed interface Finding {
    /**
     * There are such records.
     *
     * @param values names of name servers, or texts; foreign input, cut to what is kept
     */
    record Found(List<String> values) implements Finding {
        public Found {
            values = List.copyOf(values);
        }
    }

    /**
     * There is nothing of the kind.
     *
     * @param why a part of a sentence
     */
    record Nothing(String why) implements Finding {}

    /**
     * No answer could be had.
     *
     * @param why a part of a sentence
     */
    record NoAnswer(String why) implements Finding {}
}
