package io.anycastle.app.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes plain text for a terminal of a page in Markdown: headings are underlined, commands indented, tables stay as they are. */
final class PageText {
    private static final int WIDTH = 80;
    private static final String FENCE = "```";
    private static final String CODE_INDENT = "    ";
    private static final Pattern HEADING = Pattern.compile("(#+) (.*)");
    private static final Pattern ITEM = Pattern.compile("(- |\\d+\\. )(.*)");
    private static final Pattern PAGE_LINK = Pattern.compile("\\[([^]]+)]\\(([a-z-]+)\\.md(?:#[^)]*)?\\)");
    private static final Pattern LINK_WITHIN = Pattern.compile("\\[([^]]+)]\\(#[^)]*\\)");

    private final StringBuilder out = new StringBuilder();
    private final StringBuilder paragraph = new StringBuilder();
    private String marker = "";
    private boolean isInCode;

    private PageText() {}

    static String of(String markdown) {
        PageText text = new PageText();
        markdown.lines().forEach(text::line);
        text.endParagraph();
        return text.out.toString();
    }

    private void line(String line) {
        Matcher heading = HEADING.matcher(line);
        Matcher item = ITEM.matcher(line);
        if (line.startsWith(FENCE)) {
            endParagraph();
            fence(line.substring(FENCE.length()));
        } else if (isInCode) {
            out.append((CODE_INDENT + line).stripTrailing()).append('\n');
        } else if (line.isBlank()) {
            endParagraph();
            out.append('\n');
        } else if (heading.matches()) {
            endParagraph();
            heading(heading.group(1).length(), plain(heading.group(2)));
        } else if (line.startsWith("|")) {
            endParagraph();
            out.append(plain(line)).append('\n');
        } else if (!line.startsWith("<!--")) {
            if (item.matches()) {
                endParagraph();
                marker = item.group(1);
            }
            paragraph.append(item.matches() ? item.group(2) : line.strip()).append(' ');
        }
    }

    /** What a block of code is a file of, is said above it. */
    private void fence(String info) {
        isInCode = !isInCode;
        String[] words = info.split(" ");
        if (isInCode && words.length == 2 && words[1].contains(".")) {
            out.append("  ").append(words[1]).append(":\n");
        }
    }

    private void heading(int level, String text) {
        out.append(text).append('\n');
        if (level <= 2) {
            out.append((level == 1 ? "=" : "-").repeat(text.length())).append('\n');
        }
    }

    private void endParagraph() {
        if (paragraph.isEmpty()) {
            return;
        }
        String indent = " ".repeat(marker.length());
        StringBuilder line = new StringBuilder(marker);
        for (String word : plain(paragraph.toString()).split("\\s+")) {
            if (line.length() > indent.length() && line.length() + word.length() > WIDTH) {
                out.append(line.toString().stripTrailing()).append('\n');
                line.setLength(0);
                line.append(indent);
            }
            line.append(word).append(' ');
        }
        out.append(line.toString().stripTrailing()).append('\n');
        paragraph.setLength(0);
        marker = "";
    }

    private static String plain(String text) {
        String pages = PAGE_LINK.matcher(text).replaceAll("$1 [edge help $2]");
        return LINK_WITHIN.matcher(pages).replaceAll("$1").replace("**", "");
    }
}
