package io.anycastle.core.zonefile;

import io.anycastle.core.zonefile.MasterFileEntry.Word;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Splits a master file into entries, reading no further than it must. An entry that cannot be read costs just itself: after a
 * parenthesis that is never closed, reading goes on in the line behind it.
 */
final class MasterFileScanner {
    /** How often lines are read again after an open parenthesis: each time costs up to an entry's length. */
    private static final int REREADS_MAX = 16;

    private final Reader in;
    private final int entryCharsMax;
    private final Deque<String> ahead = new ArrayDeque<>();
    private int line;
    private int rereads;
    private boolean afterCarriageReturn;

    MasterFileScanner(Reader in, int entryCharsMax) {
        this.in = in;
        this.entryCharsMax = entryCharsMax;
    }

    /** The next entry that has a word or a problem; empty at the end of the file. */
    Optional<MasterFileEntry> next() throws IOException {
        while (true) {
            Optional<String> first = nextLine();
            if (first.isEmpty()) {
                return Optional.empty();
            }
            MasterFileEntry entry = entry(first.get());
            if (!entry.words().isEmpty() || !entry.problem().isEmpty()) {
                return Optional.of(entry);
            }
        }
    }

    /**
     * The words of a line that stands in no file.
     *
     * @throws IllegalArgumentException saying why it cannot be read
     */
    static List<Word> words(String line) {
        EntryScan scan = new EntryScan();
        scan.line(line);
        if (!scan.problem.isEmpty() || scan.isOpen()) {
            throw new IllegalArgumentException(scan.isOpen() ? "a parenthesis is not closed" : scan.problem);
        }
        return scan.words;
    }

    private MasterFileEntry entry(String first) throws IOException {
        int start = line;
        List<String> read = new ArrayList<>(1);
        EntryScan scan = new EntryScan();
        scan.line(first);
        int chars = first.length();
        while (scan.isOpen() && scan.problem.isEmpty()) {
            Optional<String> more = nextLine();
            chars += more.map(String::length).orElse(0);
            more.ifPresent(read::add);
            if (more.isEmpty() || chars > entryCharsMax) {
                scan.problem = "the parenthesis opened here is not closed within " + entryCharsMax + " characters";
                rereadFrom(start, read);
            } else {
                scan.line(more.get());
            }
        }
        if (chars > entryCharsMax && scan.problem.isEmpty()) {
            scan.problem = "the line is longer than " + entryCharsMax + " characters";
        }
        boolean startsBlank = !first.isEmpty() && isBlank(first.charAt(0));
        return new MasterFileEntry(start, startsBlank, scan.words, scan.comment.toString(), scan.problem);
    }

    private void rereadFrom(int start, List<String> read) {
        if (rereads < REREADS_MAX) {
            rereads++;
            read.reversed().forEach(ahead::addFirst);
            line = start;
        }
    }

    private Optional<String> nextLine() throws IOException {
        String again = ahead.pollFirst();
        Optional<String> next = again == null ? readLine() : Optional.of(again);
        line += next.isPresent() ? 1 : 0;
        return next;
    }

    /** One line without its end, cut short one character beyond the limit: memory stays bounded whatever the file. */
    private Optional<String> readLine() throws IOException {
        StringBuilder text = new StringBuilder(80);
        boolean some = false;
        for (int c = in.read(); c >= 0; c = in.read()) {
            boolean endsAgain = c == '\n' && afterCarriageReturn;
            afterCarriageReturn = c == '\r';
            if (endsAgain) {
                continue;
            }
            some = true;
            if (c == '\n' || c == '\r') {
                break;
            }
            if (text.length() <= entryCharsMax && c != '\uFEFF') {
                text.append((char) c);
            }
        }
        return some ? Optional.of(text.toString()) : Optional.empty();
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** One entry being read, line by line. */
    private static final class EntryScan {
        private final List<Word> words = new ArrayList<>();
        private final StringBuilder comment = new StringBuilder();
        private String problem = "";
        private int depth;
        private String text = "";
        private int at;

        boolean isOpen() {
            return depth > 0;
        }

        void line(String next) {
            text = next;
            at = 0;
            while (at < text.length() && problem.isEmpty()) {
                char c = text.charAt(at);
                switch (c) {
                    case ' ', '\t' -> at++;
                    case '(' -> {
                        depth++;
                        at++;
                    }
                    case ')' -> close();
                    case ';' -> comment();
                    case '"' -> quoted();
                    default -> bare();
                }
            }
        }

        private void close() {
            at++;
            if (depth-- == 0) {
                problem = "a closing parenthesis has no opening one";
            }
        }

        private void comment() {
            comment.append(comment.isEmpty() ? "" : " ")
                    .append(text.substring(at + 1).strip());
            at = text.length();
        }

        private void quoted() {
            int end = endOfQuoted(at + 1);
            if (end >= 0) {
                words.add(new Word(text.substring(at + 1, end), true));
                at = end + 1;
            }
        }

        private int endOfQuoted(int from) {
            for (int i = from; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    return i;
                }
            }
            problem = "a closing quote (\") is missing";
            return -1;
        }

        private void bare() {
            int start = at;
            while (at < text.length() && problem.isEmpty() && " \t();".indexOf(text.charAt(at)) < 0) {
                char c = text.charAt(at);
                if (c == '\\') {
                    at++;
                } else if (c == '"') {
                    at = Math.max(at, endOfQuoted(at + 1));
                }
                at++;
            }
            words.add(new Word(text.substring(start, Math.min(at, text.length())), false));
        }
    }
}
