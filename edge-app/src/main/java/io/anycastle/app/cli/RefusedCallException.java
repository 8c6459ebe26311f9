package io.anycastle.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The node understood a call and refused it. */
final class RefusedCallException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    /** The API's error code for a write that was not begun, such as where a quorum is missing. */
    private static final int NOTHING_CHANGED = 10503;

    private final transient JsonArray errors;

    private final int status;

    RefusedCallException(int status, JsonArray errors) {
        super("HTTP " + status);
        this.status = status;
        this.errors = errors;
    }

    /** Whether it is sure that nothing changed; a node that failed on the way does not know. */
    boolean isFinal() {
        return status < 500
                || (!errors.isEmpty() && errors.stream().allMatch(RefusedCallException::saysNothingChanged));
    }

    private static boolean saysNothingChanged(Object error) {
        return error instanceof JsonObject told && Objects.equals(told.getInteger("code"), NOTHING_CHANGED);
    }

    /** A line per error: what lies behind it where that is told, the error itself otherwise. */
    List<String> lines() {
        Set<String> lines = new LinkedHashSet<>();
        details().forEach(detail -> lines.add(detail.text()));
        return List.copyOf(lines);
    }

    /** A line per error, those of an uploaded file led by its name and line number. */
    List<String> linesIn(String file) {
        Set<String> lines = new LinkedHashSet<>();
        for (Detail detail : details()) {
            lines.add(detail.line().map(line -> file + ":" + line + ": ").orElse("") + detail.text());
        }
        return List.copyOf(lines);
    }

    private record Detail(String text, Optional<Integer> line) {}

    private List<Detail> details() {
        List<Detail> details = new ArrayList<>();
        for (int i = 0; i < errors.size(); i++) {
            JsonObject error = errors.getJsonObject(i);
            JsonArray chain = error.getJsonArray("error_chain", new JsonArray());
            String text = chain.isEmpty()
                    ? error.getString("message")
                    : chain.getJsonObject(0).getString("message");
            JsonObject source = error.getJsonObject("source", new JsonObject());
            details.add(new Detail(text, Optional.ofNullable(source.getInteger("line"))));
        }
        return details;
    }
}
