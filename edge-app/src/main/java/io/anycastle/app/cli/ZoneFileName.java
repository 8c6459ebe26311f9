package io.anycastle.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Guesses from a master file which zone it is of. */
final class ZoneFileName {
    private static final Pattern ORIGIN = Pattern.compile("(?i)\\$ORIGIN\\s+(\\S+)\\.\\s*(;.*)?");
    private static final Pattern SOA =
            Pattern.compile("(?i)(\\S+)\\.\\s+(?:\\d\\w*\\s+)?(?:IN\\s+)?(?:\\d\\w*\\s+)?SOA\\s.*");
    private static final Pattern SUFFIX = Pattern.compile("(?i)(.+?)\\.(zone|db|txt|bind|master|hosts)");
    private static final Pattern PREFIX = Pattern.compile("(?i)(db|zone|pri|master)\\.(.+\\..+)");
    private static final int LINES_MAX = 200;

    private ZoneFileName() {}

    /** By the first $ORIGIN or absolute SOA owner near the top, else by the file's name without what such names end in. */
    static String of(Path file) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.ISO_8859_1))) {
            for (int i = 0; i < LINES_MAX; i++) {
                String line = lines.readLine();
                if (line == null) {
                    break;
                }
                for (Pattern pattern : new Pattern[] {ORIGIN, SOA}) {
                    Matcher matcher = pattern.matcher(line);
                    if (matcher.matches()) {
                        return matcher.group(1).toLowerCase(Locale.ROOT);
                    }
                }
            }
        } catch (IOException e) {
            throw Failure.of(file + ": not readable: " + e.getMessage());
        }
        return byFileName(String.valueOf(file.getFileName()));
    }

    private static String byFileName(String name) {
        Matcher suffix = SUFFIX.matcher(name);
        if (suffix.matches()) {
            return suffix.group(1).toLowerCase(Locale.ROOT);
        }
        Matcher prefix = PREFIX.matcher(name);
        return (prefix.matches() ? prefix.group(2) : name).toLowerCase(Locale.ROOT);
    }
}
