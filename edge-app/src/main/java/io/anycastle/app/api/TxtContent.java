package io.anycastle.app.api;

/** The text behind a TXT record's content. */
final class TxtContent {
    private TxtContent() {}

    /** The strings of quoted content put together, without quotes and escapes; bare content as it stands. */
    static String bare(String content) {
        String trimmed = content.strip();
        if (!trimmed.startsWith("\"")) {
            return content;
        }
        StringBuilder bare = new StringBuilder();
        boolean isInside = false;
        for (int i = 0; i < trimmed.length(); i++) {
            char c = trimmed.charAt(i);
            if (c == '\\' && i + 1 < trimmed.length()) {
                int digits = escapedOctet(trimmed, i + 1);
                bare.append(digits >= 0 ? (char) digits : trimmed.charAt(i + 1));
                i += digits >= 0 ? 3 : 1;
            } else if (c == '"') {
                isInside = !isInside;
            } else if (isInside) {
                bare.append(c);
            }
        }
        return bare.toString();
    }

    /** The octet that three decimal digits spell; -1 when there are none. */
    private static int escapedOctet(String text, int at) {
        String digits = at + 3 <= text.length() ? text.substring(at, at + 3) : "";
        return digits.matches("[0-2]\\d\\d") ? Integer.parseInt(digits) : -1;
    }
}
