package io.anycastle.app.cli;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.zonefile.ZoneOfFile;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Guesses from a master file which zone it is of. */
final class ZoneFileName {
    private static final Pattern SUFFIX = Pattern.compile("(?i)(.+?)\\.(zone|db|txt|bind|master|hosts)");
    private static final Pattern PREFIX = Pattern.compile("(?i)(db|zone|pri|master)\\.(.+\\..+)");

    private ZoneFileName() {}

    /** By its SOA, else by the file's name without what such names begin or end in where the records fit, else by its first $ORIGIN. */
    static String of(Path file) {
        String called = called(String.valueOf(file.getFileName()));
        try (Reader in = new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8)) {
            return ZoneOfFile.find(in, name(called)).map(DomainName::toString).orElse(called);
        } catch (IOException e) {
            throw CommandException.of(file + ": not readable: " + e.getMessage());
        }
    }

    private static Optional<DomainName> name(String text) {
        try {
            return Optional.of(DomainName.of(text)).filter(name -> !name.isRoot());
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    private static String called(String name) {
        Matcher suffix = SUFFIX.matcher(name);
        if (suffix.matches()) {
            return suffix.group(1).toLowerCase(Locale.ROOT);
        }
        Matcher prefix = PREFIX.matcher(name);
        return (prefix.matches() ? prefix.group(2) : name).toLowerCase(Locale.ROOT);
    }
}
