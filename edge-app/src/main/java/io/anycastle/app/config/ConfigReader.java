package io.anycastle.app.config;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a configuration file against the table of keys and tells every problem, not only the first. */
public final class ConfigReader {
    private final Map<String, Key<?>> keys = new LinkedHashMap<>();
    private final Map<Key<?>, Object> values = new LinkedHashMap<>();
    private final Problems problems;

    private ConfigReader(Problems problems) {
        this.problems = problems;
        Keys.ALL.forEach(key -> keys.put(key.path(), key));
    }

    /** @throws ConfigException with a line per problem */
    public static EdgeConfig read(Path file) {
        if (Files.isDirectory(file)) {
            throw new ConfigException(List.of(file + ": a folder, not a configuration file"));
        }
        try {
            return read(Files.readString(file, StandardCharsets.UTF_8), file.toString());
        } catch (NoSuchFileException e) {
            throw new ConfigException(List.of(file + ": no such file"));
        } catch (AccessDeniedException e) {
            throw new ConfigException(List.of(file + ": this user may not read it"));
        } catch (CharacterCodingException e) {
            throw new ConfigException(List.of(file + ": not text in UTF-8"));
        } catch (IOException e) {
            throw new ConfigException(List.of(file + ": not readable: " + e));
        }
    }

    /** @throws ConfigException with a line per problem */
    public static EdgeConfig read(String text, String file) {
        return read(new StringReader(text), file);
    }

    private static EdgeConfig read(Reader text, String file) {
        Problems problems = new Problems(file);
        ConfigReader reader = new ConfigReader(problems);
        reader.walk(YamlTree.read(text, problems), "");
        EdgeConfig config = new EdgeConfig(reader.values);
        if (problems.isEmpty()) {
            config.checkTogether(problems);
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems.lines());
        }
        return config;
    }

    private void walk(YamlNode node, String at) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            boolean isEmpty =
                    node instanceof YamlNode.Scalar scalar && scalar.text().isEmpty();
            if (!isEmpty) {
                problems.mismatch(node, at, "a group of keys");
            }
            return;
        }
        mapping.entries().forEach((name, value) -> {
            String path = at.isEmpty() ? name : at + "." + name;
            Key<?> key = keys.get(path);
            if (key != null) {
                take(key, value);
            } else if (keys.keySet().stream().anyMatch(known -> known.startsWith(path + "."))) {
                walk(value, path);
            } else {
                String now = Keys.RENAMED.get(path);
                String hint = now == null ? Nearest.hint(name, namesUnder(at)) : "; it is called " + now + " now";
                problems.add(value.line(), path, "no such key" + hint);
            }
        });
    }

    private <T> void take(Key<T> key, YamlNode node) {
        Optional<T> value = key.shape().read(node, key.path(), problems);
        value.ifPresent(v -> values.put(key, v));
    }

    private Set<String> namesUnder(String at) {
        Set<String> names = new LinkedHashSet<>();
        String prefix = at.isEmpty() ? "" : at + ".";
        for (String known : keys.keySet()) {
            if (known.startsWith(prefix)) {
                names.add(known.substring(prefix.length()).split("\\.", 2)[0]);
            }
        }
        return names;
    }
}
