package io.anycastle.core.rdata;

import io.anycastle.core.model.Rdata;
import io.anycastle.core.rdata.ContentTokens.Token;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * LOC (RFC 1876): {@code 37 46 46.000 N 122 23 35.000 W 0.00m 100.00m 10.00m 2.00m}. Angles are kept in thousandths of a second, lengths
 * in centimetres; size and precisions have one significant digit on the wire, and the stored text says what the wire can.
 */
final class LocationForm implements ContentForm {
    private static final String RULE =
            "expected <degrees> <minutes> <seconds> N|S <degrees> <minutes> <seconds> E|W <altitude>m <size>m <horizontal"
                    + " precision>m <vertical precision>m";
    private static final long[] UNIT_MILLIS = {3_600_000, 60_000, 1000};
    private static final long EQUATOR = 1L << 31;
    private static final long ALTITUDE_OFFSET_CM = 10_000_000;
    private static final long ALTITUDE_CM_MAX = 4_294_967_295L - ALTITUDE_OFFSET_CM;
    private static final long LENGTH_CM_MAX = 9_000_000_000L;

    /** An angle in thousandths of a second, positive to the north and east. */
    private record Angle(long millis, char direction) {
        long degrees() {
            return Math.abs(millis) / 3_600_000;
        }

        long minutes() {
            return Math.abs(millis) / 60_000 % 60;
        }

        BigDecimal seconds() {
            return BigDecimal.valueOf(Math.abs(millis) % 60_000, 3);
        }

        String text() {
            return degrees() + " " + minutes() + " " + seconds().toPlainString() + " " + direction;
        }

        void put(String prefix, Map<String, Object> data) {
            data.put(prefix + "_degrees", (int) degrees());
            data.put(prefix + "_minutes", (int) minutes());
            data.put(prefix + "_seconds", seconds().doubleValue());
            data.put(prefix + "_direction", String.valueOf(direction));
        }
    }

    /** A place; size and precisions in the wire's form, mantissa and power of ten in one octet. */
    private record Place(Angle latitude, Angle longitude, long altitudeCm, int size, int horizontal, int vertical) {}

    @Override
    public boolean hasData() {
        return true;
    }

    @Override
    public RecordContent fromContent(String content, OptionalInt priority, TargetNames names) {
        try {
            return stored(place(content));
        } catch (InvalidFieldException e) {
            throw InvalidContentException.content(content, e.rule());
        }
    }

    @Override
    public RecordContent fromOctets(byte[] octets) {
        ByteBuffer wire = ByteBuffer.wrap(octets);
        if (octets.length != 16 || wire.get() != 0) {
            throw new InvalidFieldException("expected 16 octets, the first of them 0");
        }
        int size = length(wire);
        int horizontal = length(wire);
        int vertical = length(wire);
        Angle latitude = angle(wire, 90, "N", "S");
        Angle longitude = angle(wire, 180, "E", "W");
        long altitude = (wire.getInt() & 0xffff_ffffL) - ALTITUDE_OFFSET_CM;
        return stored(new Place(latitude, longitude, altitude, size, horizontal, vertical));
    }

    private static int length(ByteBuffer wire) {
        int encoded = wire.get() & 255;
        if (encoded >> 4 > 9 || (encoded & 15) > 9) {
            throw new InvalidFieldException("a size or precision has one digit and a power of ten up to 9");
        }
        return encoded;
    }

    private static Angle angle(ByteBuffer wire, int most, String plus, String minus) {
        long millis = (wire.getInt() & 0xffff_ffffL) - EQUATOR;
        if (Math.abs(millis) > most * 3_600_000L) {
            throw new InvalidFieldException(
                    "an angle to " + plus + " or " + minus + " is at most " + most + " degrees");
        }
        return new Angle(millis, (millis < 0 ? minus : plus).charAt(0));
    }

    @Override
    public RecordContent fromData(Map<String, Object> data, OptionalInt priority, TargetNames names) {
        try {
            Angle latitude = angle(data, "lat", "N", "S");
            Angle longitude = angle(data, "long", "E", "W");
            return stored(new Place(
                    latitude,
                    longitude,
                    altitude(word(data, "altitude", "0")),
                    length(word(data, "size", "1")),
                    length(word(data, "precision_horz", "10000")),
                    length(word(data, "precision_vert", "10"))));
        } catch (InvalidFieldException e) {
            throw InvalidContentException.of("data", data.toString(), e.rule());
        }
    }

    private static String word(Map<String, Object> data, String key, String fallback) {
        Object value = data.get(key);
        if (value == null) {
            return fallback;
        }
        return value instanceof Double number ? BigDecimal.valueOf(number).toPlainString() : value.toString();
    }

    private static Angle angle(Map<String, Object> data, String prefix, String plus, String minus) {
        Deque<String> words = new ArrayDeque<>();
        words.add(word(data, prefix + "_degrees", ""));
        words.add(word(data, prefix + "_minutes", "0"));
        words.add(word(data, prefix + "_seconds", "0"));
        words.add(word(data, prefix + "_direction", ""));
        return angle(words, plus, minus);
    }

    private static Place place(String content) {
        Deque<String> words = new ArrayDeque<>();
        ContentTokens.split(content).stream().map(Token::raw).forEach(words::add);
        Angle latitude = angle(words, "N", "S");
        Angle longitude = angle(words, "E", "W");
        if (words.isEmpty() || words.size() > 4) {
            throw new InvalidFieldException(RULE);
        }
        long altitude = altitude(words.remove());
        int size = length(words.isEmpty() ? "1" : words.remove());
        int horizontal = length(words.isEmpty() ? "10000" : words.remove());
        int vertical = length(words.isEmpty() ? "10" : words.remove());
        return new Place(latitude, longitude, altitude, size, horizontal, vertical);
    }

    /** Degrees, then minutes and seconds when they are there, then the direction. */
    private static Angle angle(Deque<String> words, String plus, String minus) {
        BigDecimal millis = BigDecimal.ZERO;
        int most = plus.equals("N") ? 90 : 180;
        for (int part = 0; part < 4 && !words.isEmpty(); part++) {
            String word = words.remove();
            if (part > 0 && (word.equalsIgnoreCase(plus) || word.equalsIgnoreCase(minus))) {
                boolean negative = word.equalsIgnoreCase(minus);
                long value = millis.setScale(0, RoundingMode.HALF_UP).longValueExact();
                if (value > most * 3_600_000L) {
                    throw new InvalidFieldException(
                            "an angle to " + plus + " or " + minus + " is at most " + most + " degrees");
                }
                return new Angle(negative ? -value : value, (negative ? minus : plus).charAt(0));
            }
            if (part == UNIT_MILLIS.length) {
                break;
            }
            BigDecimal number = number(word, part == 0 ? most : 60);
            if (part < 2 && number.stripTrailingZeros().scale() > 0) {
                throw new InvalidFieldException("degrees and minutes are whole numbers");
            }
            millis = millis.add(number.multiply(BigDecimal.valueOf(UNIT_MILLIS[part])));
        }
        throw new InvalidFieldException(RULE);
    }

    private static BigDecimal number(String word, int most) {
        BigDecimal number = decimal(word);
        boolean inside = number.signum() >= 0
                && (most == 60 ? number.intValue() < 60 : number.compareTo(BigDecimal.valueOf(most)) <= 0);
        if (!inside) {
            throw new InvalidFieldException(
                    "degrees are at most " + (most == 60 ? "180" : most) + ", minutes and seconds below 60");
        }
        return number;
    }

    private static BigDecimal decimal(String word) {
        if (word.length() > 16 || !word.matches("-?[0-9]+(\\.[0-9]+)?")) {
            throw new InvalidFieldException(RULE);
        }
        return new BigDecimal(word);
    }

    private static long centimetres(String word) {
        String digits = word.endsWith("m") ? word.substring(0, word.length() - 1) : word;
        return decimal(digits)
                .movePointRight(2)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    private static long altitude(String word) {
        long cm = centimetres(word);
        if (cm < -ALTITUDE_OFFSET_CM || cm > ALTITUDE_CM_MAX) {
            throw new InvalidFieldException("an altitude is between -100000.00m and 42849672.95m");
        }
        return cm;
    }

    /** Mantissa in the high half, power of ten in the low half (RFC 1876 section 2). */
    private static int length(String word) {
        long cm = centimetres(word);
        if (cm < 0 || cm > LENGTH_CM_MAX) {
            throw new InvalidFieldException("a size or precision is between 0m and 90000000m");
        }
        int power = 0;
        while (cm > 9) {
            cm /= 10;
            power++;
        }
        return (int) (cm << 4) | power;
    }

    private static String metres(long cm) {
        return BigDecimal.valueOf(cm, 2).toPlainString();
    }

    private static long lengthCm(int encoded) {
        long cm = (long) encoded >>> 4;
        for (int power = encoded & 15; power > 0; power--) {
            cm *= 10;
        }
        return cm;
    }

    private static RecordContent stored(Place place) {
        String text = place.latitude.text()
                + " "
                + place.longitude.text()
                + " "
                + metres(place.altitudeCm)
                + "m "
                + metres(lengthCm(place.size))
                + "m "
                + metres(lengthCm(place.horizontal))
                + "m "
                + metres(lengthCm(place.vertical))
                + "m";
        ByteBuffer wire = ByteBuffer.allocate(16);
        wire.put((byte) 0).put((byte) place.size).put((byte) place.horizontal).put((byte) place.vertical);
        wire.putInt((int) (EQUATOR + place.latitude.millis)).putInt((int) (EQUATOR + place.longitude.millis));
        wire.putInt((int) (ALTITUDE_OFFSET_CM + place.altitudeCm));
        return new RecordContent(text, OptionalInt.empty(), Rdata.of(wire.array()));
    }

    @Override
    public Map<String, Object> data(RecordContent stored) {
        Place place = place(stored.text());
        Map<String, Object> data = new LinkedHashMap<>();
        place.latitude.put("lat", data);
        place.longitude.put("long", data);
        data.put("altitude", place.altitudeCm / 100.0);
        data.put("size", lengthCm(place.size) / 100.0);
        data.put("precision_horz", lengthCm(place.horizontal) / 100.0);
        data.put("precision_vert", lengthCm(place.vertical) / 100.0);
        return data;
    }
}
