package io.anycastle.core.model;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The numbers and mnemonics of all types that IANA lists under "Resource Record (RR) TYPEs", those that are no data among them. A number
 * without a mnemonic is called {@code TYPE} and the number (RFC 3597 section 5).
 */
public final class TypeMnemonics {
    private static final int CODE_MAX = 65535;
    private static final String REGISTRY = """
            1 A  2 NS  3 MD  4 MF  5 CNAME  6 SOA  7 MB  8 MG  9 MR  10 NULL  11 WKS  12 PTR  13 HINFO  14 MINFO  15 MX  16 TXT  17 RP
            18 AFSDB  19 X25  20 ISDN  21 RT  22 NSAP  23 NSAP-PTR  24 SIG  25 KEY  26 PX  27 GPOS  28 AAAA  29 LOC  30 NXT  31 EID
            32 NIMLOC  33 SRV  34 ATMA  35 NAPTR  36 KX  37 CERT  38 A6  39 DNAME  40 SINK  41 OPT  42 APL  43 DS  44 SSHFP  45 IPSECKEY
            46 RRSIG  47 NSEC  48 DNSKEY  49 DHCID  50 NSEC3  51 NSEC3PARAM  52 TLSA  53 SMIMEA  55 HIP  56 NINFO  57 RKEY  58 TALINK
            59 CDS  60 CDNSKEY  61 OPENPGPKEY  62 CSYNC  63 ZONEMD  64 SVCB  65 HTTPS  66 DSYNC  67 HHIT  68 BRID  99 SPF  100 UINFO
            101 UID  102 GID  103 UNSPEC  104 NID  105 L32  106 L64  107 LP  108 EUI48  109 EUI64  128 NXNAME  249 TKEY  250 TSIG
            251 IXFR  252 AXFR  253 MAILB  254 MAILA  255 ANY  256 URI  257 CAA  258 AVC  259 DOA  260 AMTRELAY  261 RESINFO  262 WALLET
            263 CLA  264 IPN  32768 TA  32769 DLV
            """;
    private static final Map<String, Integer> CODES = new HashMap<>();
    private static final Map<Integer, String> NAMES = new HashMap<>();

    static {
        String[] words = REGISTRY.strip().split("\\s+");
        for (int i = 0; i < words.length; i += 2) {
            CODES.put(words[i + 1], Integer.valueOf(words[i]));
            NAMES.put(Integer.valueOf(words[i]), words[i + 1]);
        }
    }

    private TypeMnemonics() {}

    /** The mnemonic in upper case, or {@code TYPE} and the number. */
    public static String of(int code) {
        return NAMES.getOrDefault(code, "TYPE" + code);
    }

    /** The number, from 0 to 65535, that a mnemonic or {@code TYPE} and a number stand for, in any case. */
    public static OptionalInt code(String spelled) {
        String upper = spelled.toUpperCase(Locale.ROOT);
        Integer known = CODES.get(upper);
        if (known != null) {
            return OptionalInt.of(known);
        }
        boolean isNumber = upper.length() <= 9 && upper.matches("TYPE[0-9]+");
        int code = isNumber ? Integer.parseInt(upper, 4, upper.length(), 10) : CODE_MAX + 1;
        return code <= CODE_MAX ? OptionalInt.of(code) : OptionalInt.empty();
    }
}
