package io.anycastle.app.api;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of a stored multipart/form-data body (RFC 7578). Lenient where clients are sloppy: line ends may be bare LF, and the last
 * boundary need not be followed by one or be there at all. Only the places of the parts are kept, so a body may be of any size.
 */
final class MultipartForm {
    private static final Pattern BOUNDARY = Pattern.compile("(?i)boundary=(?:\"([^\"]+)\"|([^;\\s]+))");
    private static final Pattern NAME = Pattern.compile("(?i)[;\\s]name=(?:\"([^\"]*)\"|([^;\\s]+))");
    private static final Pattern FILE_NAME = Pattern.compile("(?i)filename=(?:\"([^\"]*)\"|([^;\\s]+))");
    private static final int KEPT_MAX = 1024;

    private final Path body;
    private final List<Part> parts;

    private MultipartForm(Path body, List<Part> parts) {
        this.body = body;
        this.parts = parts;
    }

    /**
     * A part of the form.
     *
     * @param fileName empty when it has none
     * @param start where in the body its octets begin
     * @param end where they end, exclusive
     */
    record Part(String name, Optional<String> fileName, long start, long end) {}

    /** The boundary that a Content-Type header names; empty when it is not multipart. */
    static Optional<String> boundary(String contentType) {
        Matcher matcher = BOUNDARY.matcher(contentType);
        if (!contentType.toLowerCase(java.util.Locale.ROOT).startsWith("multipart/") || !matcher.find()) {
            return Optional.empty();
        }
        return Optional.of(group(matcher));
    }

    private static String group(Matcher matcher) {
        String quoted = matcher.group(1);
        return quoted != null ? quoted : matcher.group(2);
    }

    static MultipartForm read(Path body, String boundary) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(body), 1 << 16)) {
            return new MultipartForm(body, new Scan(in, "--" + boundary).parts());
        }
    }

    Optional<Part> part(String name) {
        return parts.stream().filter(part -> part.name().equals(name)).findFirst();
    }

    /** A small part's text. */
    Optional<String> text(String name) throws IOException {
        Optional<Part> part = part(name);
        if (part.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = open(part.get())) {
            return Optional.of(new String(in.readNBytes(KEPT_MAX), StandardCharsets.UTF_8).strip());
        }
    }

    InputStream open(Part part) throws IOException {
        FileChannel channel = FileChannel.open(body);
        channel.position(part.start());
        return new BufferedInputStream(
                new Bounded(Channels.newInputStream(channel), part.end() - part.start()), 1 << 16);
    }

    /** Walks the body line by line and notes where parts begin and end. */
    private static final class Scan {
        private final InputStream in;
        private final String delimiter;
        private final List<Part> parts = new ArrayList<>();
        private long at;
        private int lineEnd;

        Scan(InputStream in, String delimiter) {
            this.in = in;
            this.delimiter = delimiter;
        }

        List<Part> parts() throws IOException {
            Optional<String> line = line();
            while (line.isPresent() && !isDelimiter(line.get())) {
                line = line();
            }
            while (line.isPresent() && !line.get().startsWith(delimiter + "--")) {
                line = part();
            }
            return parts;
        }

        /** Reads one part and returns the delimiter line after it. */
        private Optional<String> part() throws IOException {
            String disposition = "";
            Optional<String> header = line();
            while (header.isPresent() && !header.get().isEmpty()) {
                if (header.get().toLowerCase(java.util.Locale.ROOT).startsWith("content-disposition:")) {
                    disposition = header.get();
                }
                header = line();
            }
            long start = at;
            long end = at;
            Optional<String> line = line();
            while (line.isPresent() && !isDelimiter(line.get())) {
                end = at - lineEnd;
                line = line();
            }
            // The line end before a delimiter belongs to the delimiter; a body that just stops has none to give up.
            add(disposition, start, line.isPresent() ? end : at);
            return line;
        }

        private void add(String disposition, long start, long end) {
            Matcher name = NAME.matcher(disposition);
            if (name.find()) {
                Matcher fileName = FILE_NAME.matcher(disposition);
                Optional<String> file = fileName.find() ? Optional.of(group(fileName)) : Optional.empty();
                parts.add(new Part(group(name), file, start, Math.max(start, end)));
            }
        }

        private boolean isDelimiter(String line) {
            return line.equals(delimiter) || line.equals(delimiter + "--");
        }

        /** The next line without its end, cut where it is long; empty at the end of the body. */
        private Optional<String> line() throws IOException {
            ByteArrayOutputStream kept = new ByteArrayOutputStream(128);
            int before = -1;
            int c = in.read();
            if (c < 0) {
                return Optional.empty();
            }
            while (c >= 0 && c != '\n') {
                at++;
                if (kept.size() < KEPT_MAX) {
                    kept.write(c);
                }
                before = c;
                c = in.read();
            }
            at += c == '\n' ? 1 : 0;
            boolean hasReturn = c == '\n' && before == '\r';
            lineEnd = (c == '\n' ? 1 : 0) + (hasReturn ? 1 : 0);
            String line = kept.toString(StandardCharsets.UTF_8);
            return Optional.of(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        }
    }

    /** So many octets of a stream and no more. */
    private static final class Bounded extends InputStream {
        private final InputStream in;
        private long left;

        Bounded(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            if (left <= 0) {
                return -1;
            }
            int c = in.read();
            left -= c < 0 ? left : 1;
            return c;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int count = in.read(target, offset, (int) Math.min(length, left));
            left -= count < 0 ? left : count;
            return count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
