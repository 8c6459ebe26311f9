package io.anycastle.app.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/** What a command sees of the world around it. */
public record Environment(Map<String, String> variables, Path folder, PrintWriter out, PrintWriter err) {
    String variable(String name, String fallback) {
        String value = variables.get(name);
        return value == null || value.isBlank() ? fallback : value;
    }
}
