package io.anycastle.core.zonefile;

import io.anycastle.core.model.OriginDraft;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a record's comment says in a zone file: free text, then {@code cf_tags=} and tags between commas, of which some are settings:
 * {@code ; the blog cf_tags=cf-proxied:true,edge-origin-port:8080,owner:"web team"}.
 */
record RecordComment(
        String text, List<String> tags, Optional<Boolean> proxied, RecordSettings settings, OriginDraft origin) {
    static final RecordComment NONE = saying("");

    private static final String MARK = "cf_tags=";
    private static final String PROXIED = "cf-proxied:";
    private static final String FLATTEN = "cf-flatten-cname";
    private static final String IPV4_ONLY = "cf-ipv4-only";
    private static final String IPV6_ONLY = "cf-ipv6-only";

    RecordComment {
        tags = List.copyOf(tags);
    }

    static RecordComment read(String comment) {
        int mark = comment.lastIndexOf(MARK);
        boolean isWord = mark == 0 || (mark > 0 && comment.charAt(mark - 1) == ' ');
        if (!isWord) {
            return saying(comment.strip());
        }
        List<String> tags = new ArrayList<>();
        Optional<Boolean> proxied = Optional.empty();
        RecordSettings settings = RecordSettings.NONE;
        OriginTags origin = new OriginTags();
        for (String tag : split(comment.substring(mark + MARK.length()))) {
            if (tag.startsWith(PROXIED)) {
                proxied = Optional.of(tag.equals(PROXIED + "true"));
            } else if (isSwitch(tag)) {
                settings = with(settings, tag);
            } else if (!origin.take(tag)) {
                tags.add(tag);
            }
        }
        return new RecordComment(comment.substring(0, mark).strip(), tags, proxied, settings, origin.draft());
    }

    private static RecordComment saying(String text) {
        return new RecordComment(text, List.of(), Optional.empty(), RecordSettings.NONE, OriginDraft.NONE);
    }

    private static boolean isSwitch(String tag) {
        return tag.startsWith(FLATTEN) || tag.startsWith(IPV4_ONLY) || tag.startsWith(IPV6_ONLY);
    }

    private static RecordSettings with(RecordSettings settings, String tag) {
        boolean on = !tag.endsWith(":false");
        return new RecordSettings(
                tag.startsWith(IPV4_ONLY) ? on : settings.ipv4Only(),
                tag.startsWith(IPV6_ONLY) ? on : settings.ipv6Only(),
                tag.startsWith(FLATTEN) ? on : settings.flattenCname());
    }

    /** The tags between the commas, quotes and escapes resolved. */
    private static List<String> split(String list) {
        List<String> tags = new ArrayList<>();
        StringBuilder tag = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            if (quoted && c == '\\' && i + 1 < list.length()) {
                tag.append(list.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                add(tag, tags);
            } else if (quoted || c != ' ') {
                tag.append(c);
            }
        }
        add(tag, tags);
        return tags;
    }

    private static void add(StringBuilder tag, List<String> tags) {
        if (!tag.isEmpty()) {
            tags.add(tag.toString());
        }
        tag.setLength(0);
    }

    /** The comment of a record with its semicolon; empty when there is nothing to say. */
    static String of(Record record) {
        List<String> tags = new ArrayList<>();
        if (record.type().isProxiable()) {
            tags.add(PROXIED + record.proxied());
        }
        addIf(record.settings().flattenCname(), FLATTEN, tags);
        addIf(record.settings().ipv4Only(), IPV4_ONLY, tags);
        addIf(record.settings().ipv6Only(), IPV6_ONLY, tags);
        OriginTags.of(record.origin()).forEach(tag -> tags.add(written(tag)));
        record.tags().forEach(tag -> tags.add(written(tag)));
        boolean hasMark = !tags.isEmpty() || record.comment().contains(MARK);
        if (record.comment().isEmpty() && !hasMark) {
            return "";
        }
        String text = record.comment().isEmpty() ? "" : " " + record.comment();
        return " ;" + text + (hasMark ? " " + MARK + String.join(",", tags) : "");
    }

    private static void addIf(boolean on, String tag, List<String> tags) {
        if (on) {
            tags.add(tag + ":true");
        }
    }

    private static String written(String tag) {
        int colon = tag.indexOf(':');
        String value = tag.substring(colon + 1);
        if (value.isEmpty()) {
            return tag.substring(0, colon);
        }
        boolean plain = !value.contains(MARK)
                && value.chars().noneMatch(c -> c == '"' || c == '\\' || c == ',' || Character.isWhitespace(c));
        String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace(MARK, "cf\\_tags=");
        return tag.substring(0, colon + 1) + (plain ? value : '"' + escaped + '"');
    }
}
