package io.anycastle.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A set of HTTP statuses, as people write it: {@code 2xx}, {@code 200-399,404}.
 *
 * @param text in lower case, without spaces
 */
public record StatusCodes(String text, List<Range> ranges) {
    /** Both ends belong to it. */
    public record Range(int from, int to) {}

    /** What {@link #parse} takes. */
    public static final String EXPECTED = "statuses and ranges, as 2xx or 200-399,404; at most 16";

    public static final StatusCodes SUCCESS = new StatusCodes("2xx", List.of(new Range(200, 299)));

    private static final int RANGES_MAX = 16;
    private static final int CLASS = 100;
    private static final Pattern ONE = Pattern.compile("([1-5])xx|([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");

    public StatusCodes {
        ranges = List.copyOf(ranges);
    }

    /** Empty where the text is none. */
    public static Optional<StatusCodes> parse(String text) {
        String all = text.replace(" ", "").toLowerCase(Locale.ROOT);
        List<Range> ranges = new ArrayList<>();
        for (String part : all.split(",", -1)) {
            Matcher one = ONE.matcher(part);
            if (!one.matches()) {
                return Optional.empty();
            }
            ranges.add(range(one));
        }
        boolean isGood = ranges.size() <= RANGES_MAX && ranges.stream().allMatch(range -> range.from <= range.to);
        return isGood ? Optional.of(new StatusCodes(all, ranges)) : Optional.empty();
    }

    private static Range range(Matcher one) {
        if (one.group(1) != null) {
            int first = Integer.parseInt(one.group(1)) * CLASS;
            return new Range(first, first + CLASS - 1);
        }
        int from = Integer.parseInt(one.group(2));
        return new Range(from, one.group(3) == null ? from : Integer.parseInt(one.group(3)));
    }

    public boolean contains(int status) {
        for (Range range : ranges) {
            if (status >= range.from && status <= range.to) {
                return true;
            }
        }
        return false;
    }
}
