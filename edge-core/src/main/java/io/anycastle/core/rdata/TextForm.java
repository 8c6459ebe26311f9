package io.anycastle.core.rdata;

import io.anycastle.core.model.Rdata;
import io.anycastle.core.rdata.ContentTokens.Token;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Character strings (RFC 1035 section 3.3.14), stored quoted. A string over 255 octets is split, between characters where it is UTF-8.
 */
enum TextForm implements ContentForm {
    /** Content that does not begin with a quote is one string, blanks and inner quotes included. */
    WHOLE {
        @Override
        List<String> rawStrings(String content) {
            if (!content.startsWith("\"")) {
                return List.of(content);
            }
            List<Token> words = ContentTokens.split(content);
            if (!words.stream().allMatch(Token::quoted)) {
                throw InvalidContentException.content(content, "when one string is quoted, all of them must be");
            }
            return words.stream().map(Token::raw).toList();
        }
    },

    /** Each word is a string, quoted or not, as in a master file: for types whose strings mean something each. */
    WORDS {
        @Override
        List<String> rawStrings(String content) {
            List<Token> words = ContentTokens.split(content);
            if (words.stream().anyMatch(word -> !word.quoted() && hasSign(word.raw()))) {
                throw InvalidContentException.content(
                        content, "a string with a semicolon or a parenthesis must be quoted");
            }
            return words.stream().map(Token::raw).toList();
        }
    };

    /** Longest data of one record on the wire, all of its strings with their lengths. */
    static final int OCTETS_MAX = 4096;

    private static final int STRING_OCTETS_MAX = 255;

    @Override
    public RecordContent fromContent(String content, OptionalInt priority, TargetNames names) {
        List<byte[]> strings = new ArrayList<>(1);
        try {
            for (String raw : rawStrings(content.strip())) {
                split(ContentTokens.unescape(raw), strings);
            }
        } catch (InvalidFieldException e) {
            throw InvalidContentException.content(content, e.rule());
        }
        try {
            return stored(strings);
        } catch (InvalidFieldException e) {
            throw InvalidContentException.content(content, e.rule());
        }
    }

    @Override
    public RecordContent fromOctets(byte[] octets) {
        ByteBuffer wire = ByteBuffer.wrap(octets);
        List<byte[]> strings = new ArrayList<>(1);
        while (wire.hasRemaining()) {
            byte[] string = new byte[wire.get() & 255];
            wire.get(string);
            strings.add(string);
        }
        if (strings.isEmpty()) {
            throw new InvalidFieldException("expected at least one string (RFC 1035 section 3.3.14)");
        }
        return stored(strings);
    }

    /** Whether a bare word has what ends it in a master file. */
    private static boolean hasSign(String raw) {
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) == '\\') {
                i++;
            } else if (";()".indexOf(raw.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Their escapes still in them. */
    abstract List<String> rawStrings(String content);

    private static void split(byte[] octets, List<byte[]> strings) {
        int from = 0;
        do {
            int to = endOfString(octets, from);
            strings.add(Arrays.copyOfRange(octets, from, to));
            from = to;
        } while (from < octets.length);
    }

    private static int endOfString(byte[] octets, int from) {
        int full = from + STRING_OCTETS_MAX;
        if (full >= octets.length) {
            return octets.length;
        }
        for (int cut = full; cut > full - 4; cut--) {
            if ((octets[cut] & 0xC0) != 0x80) {
                return cut;
            }
        }
        return full;
    }

    private static RecordContent stored(List<byte[]> strings) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream(64);
        StringBuilder text = new StringBuilder(64);
        for (byte[] string : strings) {
            wire.write(string.length);
            wire.writeBytes(string);
            text.append(text.isEmpty() ? "\"" : " \"");
            append(string, text);
            text.append('"');
        }
        if (wire.size() > OCTETS_MAX) {
            throw new InvalidFieldException(
                    "a TXT record has at most " + OCTETS_MAX + " octets on the wire, not " + wire.size());
        }
        return new RecordContent(text.toString(), OptionalInt.empty(), Rdata.of(wire.toByteArray()));
    }

    private static void append(byte[] string, StringBuilder text) {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(string))
                    .chars()
                    .forEach(c -> append(c, text));
        } catch (CharacterCodingException e) {
            for (byte octet : string) {
                int c = octet & 255;
                if (c < 128) {
                    append(c, text);
                } else {
                    text.append('\\').append(c);
                }
            }
        }
    }

    /** Control characters are stored escaped octet by octet, so that no stored text can break a line or a header. */
    private static void append(int c, StringBuilder text) {
        if (c == '"' || c == '\\') {
            text.append('\\').append((char) c);
        } else if (c < 32 || c == 127) {
            text.append(String.format("\\%03d", c));
        } else if (c < 160 && c > 127) {
            text.append("\\194\\").append(c);
        } else if (c == 0x2028 || c == 0x2029) { // they break lines, too
            text.append("\\226\\128\\").append(c - 0x2028 + 168);
        } else {
            text.append((char) c);
        }
    }

    /** Characters outside ASCII are escaped octet by octet. */
    @Override
    public String masterFileText(RecordContent stored) {
        StringBuilder text = new StringBuilder(stored.text().length());
        for (byte octet : stored.text().getBytes(StandardCharsets.UTF_8)) {
            if (octet < 0) {
                text.append('\\').append(octet & 255);
            } else {
                text.append((char) octet);
            }
        }
        return text.toString();
    }
}
