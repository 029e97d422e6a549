package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CborReaderTest {
  private static String read(String hex) throws BadCborException {
    return CborReader.toJson(HexFormat.of().parseHex(hex));
  }

  /** RFC 8949 appendix A, with the JSON that section 6.1 advises. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          00|0
          01|1
          0a|10
          17|23
          1818|24
          1819|25
          1864|100
          1903e8|1000
          1a000f4240|1000000
          1b000000e8d4a51000|1000000000000
          1bffffffffffffffff|18446744073709551615
          c249010000000000000000|"AQAAAAAAAAAA"
          3bffffffffffffffff|-18446744073709551616
          c349010000000000000000|"~AQAAAAAAAAAA"
          20|-1
          29|-10
          3863|-100
          3903e7|-1000
          f90000|0.0
          f98000|-0.0
          f93c00|1.0
          fb3ff199999999999a|1.1
          f93e00|1.5
          f97bff|65504.0
          fa47c35000|100000.0
          fa7f7fffff|3.4028235E38
          fb7e37e43c8800759c|1.0E300
          f90001|6.0E-8
          f90400|6.104E-5
          f9c400|-4.0
          fbc010666666666666|-4.1
          f97c00|null
          f97e00|null
          f9fc00|null
          fa7f800000|null
          fa7fc00000|null
          faff800000|null
          fb7ff0000000000000|null
          fb7ff8000000000000|null
          fbfff0000000000000|null
          f4|false
          f5|true
          f6|null
          f7|null
          f0|null
          f8ff|null
          c074323031332d30332d32315432303a30343a30305a|"2013-03-21T20:04:00Z"
          c11a514b67b0|1363896240
          c1fb41d452d9ec200000|1.3638962405E9
          d74401020304|"01020304"
          d818456449455446|"ZElFVEY"
          d82076687474703a2f2f7777772e6578616d706c652e636f6d|"http://www.example.com"
          40|""
          4401020304|"AQIDBA"
          60|""
          6161|"a"
          6449455446|"IETF"
          62225c|"\\"\\\\"
          62c3bc|"ü"
          63e6b0b4|"水"
          64f0908591|"𐅑"
          80|[]
          83010203|[1,2,3]
          8301820203820405|[1,[2,3],[4,5]]
          98190102030405060708090a0b0c0d0e0f101112131415161718181819|[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25]
          a0|{}
          a201020304|{"1":2,"3":4}
          a26161016162820203|{"a":1,"b":[2,3]}
          826161a161626163|["a",{"b":"c"}]
          a56161614161626142616361436164614461656145|{"a":"A","b":"B","c":"C","d":"D","e":"E"}
          5f42010243030405ff|"AQIDBAU"
          7f657374726561646d696e67ff|"streaming"
          9fff|[]
          9f018202039f0405ffff|[1,[2,3],[4,5]]
          9f01820203820405ff|[1,[2,3],[4,5]]
          83018202039f0405ff|[1,[2,3],[4,5]]
          bf61610161629f0203ffff|{"a":1,"b":[2,3]}
          826161bf61626163ff|["a",{"b":"c"}]
          bf6346756ef563416d7421ff|{"Fun":true,"Amt":-2}
          """)
  void appendixA_becomesJson(String hex, String json) throws BadCborException {
    assertThat(read(hex)).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          fa3dcccccd|0.1
          f92e66|0.1
          f93555|0.3333
          f97000|8192.0
          fb3fb999999999999a|0.1
          fa00000001|1.4E-45
          fb0000000000000001|4.9E-324
          fb44b52d02c7e14af6|1.0E23
          fb3d2fffffffffffff|5.684341886080801E-14
          d6420fff|"D/8="
          d5420fff|"D_8"
          d78142abcd|["abcd"]
          d742abcd|"abcd"
          d6d742abcd|"abcd"
          c24101|1
          c25f41014100ff|256
          c348ffffffffffffffff|-18446744073709551616
          c240|0
          c340|-1
          a120f5|{"-1":true}
          a13bfffffffffffffffff5|{"-18446744073709551616":true}
          a11bfffffffffffffffff5|{"18446744073709551615":true}
          d9d9f7a0|{}
          6700010a1f7f2200|"\\u0000\\u0001\\u000a\\u001f\u007f\\"\\u0000"
          66efbfbeefbfbf|"\\ufffe\\uffff"
          a16264695000112233445566778899aabbccddeeff|{"di":"00112233-4455-6677-8899-aabbccddeeff"}
          a16270695000112233445566778899aabbccddeeff|{"pi":"00112233-4455-6677-8899-aabbccddeeff"}
          a164706969645000112233445566778899aabbccddeeff|{"piid":"00112233-4455-6677-8899-aabbccddeeff"}
          a1626469d8255000112233445566778899aabbccddeeff|{"di":"00112233-4455-6677-8899-aabbccddeeff"}
          a1626469420011|{"di":"ABE"}
          a16264785000112233445566778899aabbccddeeff|{"dx":"ABEiM0RVZneImaq7zN3u_w"}
          a1626469815000112233445566778899aabbccddeeff|{"di":["ABEiM0RVZneImaq7zN3u_w"]}
          """)
  void details_becomeJson(String hex, String json) throws BadCborException {
    assertThat(read(hex)).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // nothing
        "0000", // trailing byte
        "f6ff", // trailing break
        "18",
        "19ff",
        "1affffff",
        "1bffffffffffffff", // cut heads
        "1c",
        "1d",
        "1e",
        "1f",
        "3f", // reserved and indefinite integers
        "fc",
        "fd",
        "fe",
        "ff", // reserved simple values, stray break
        "f800",
        "f81f",
        "f8", // simple values not in their short form, cut
        "f93c",
        "fa4142",
        "fb41424344", // cut floats
        "41",
        "6261",
        "5affffffff00",
        "5bffffffffffffffff00",
        "7b7fffffffffffffff", // cut strings
        "61ff",
        "62c3",
        "62c0af",
        "63eda080",
        "64f5808080", // not UTF-8
        "7f61c361bcff", // a code point across chunks
        "5f6161ff",
        "5f5f4101ffff",
        "7f4161ff",
        "5f4101",
        "5f01ff", // chunks
        "81",
        "9f",
        "9f01",
        "8201",
        "9b7fffffffffffffff",
        "9bffffffffffffffff", // arrays
        "a1",
        "a16161",
        "bf",
        "bf6161",
        "bf6161ff",
        "bb7fffffffffffffff", // maps
        "a2616101616102",
        "bf616101616102ff",
        "a20100613100", // duplicate keys, one by its text
        "a1f500",
        "a1410100",
        "a1800000",
        "a1c0616100",
        "a1f93c0000", // odd keys
        "a17f616101ff", // a break inside the value
        "c0",
        "c201",
        "c26161",
        "c3",
        "c25f6101ff",
        "df00",
        "dc00", // tags
        "9fc0ff",
        "81ff",
        "a161aaff",
        "82ff01" // break in the place of an item
      })
  void malformed_isRefused(String hex) {
    assertThatThrownBy(() -> read(hex)).isInstanceOf(BadCborException.class);
  }

  @Test
  void depth_isBounded() throws BadCborException {
    assertThat(read("81".repeat(32) + "00")).startsWith("[[").endsWith("]]");
    assertThatThrownBy(() -> read("81".repeat(33) + "00")).hasMessageContaining("deeper than 32");
    assertThatThrownBy(() -> read("a16161".repeat(10_000))).hasMessageContaining("deeper");
    assertThatThrownBy(() -> read("c6".repeat(100_000) + "00")).hasMessageContaining("deeper");
    assertThatThrownBy(() -> read("9f".repeat(100_000))).hasMessageContaining("deeper");
  }

  @Test
  void iotivity10Discovery_isRead() throws BadCborException {
    // An indefinite map inside definite ones, and the identifier in 16 bytes.
    String json =
        read(
            "81a262646950"
                + "0685b960736f46f7bec09e6cbd61adc1"
                + "656c696e6b7381a4"
                + "6468726566"
                + "682f612f6c69676874"
                + "627274"
                + "6a636f72652e6c69676874"
                + "6269666f6f69632e69662e626173656c696e65"
                + "6170bf62626d0363736563f564706f727419bfe1ff");
    assertThat(json)
        .isEqualTo(
            "[{\"di\":\"0685b960-736f-46f7-bec0-9e6cbd61adc1\",\"links\":[{\"href\":\"/a/light\","
                + "\"rt\":\"core.light\",\"if\":\"oic.if.baseline\","
                + "\"p\":{\"bm\":3,\"sec\":true,\"port\":49121}}]}]");
  }

  @Test
  void everyHalf_printsShortestAndReadsBack() throws BadCborException {
    for (int bits = 0; bits < 0x10000; bits++) {
      String json = CborReader.toJson(new byte[] {(byte) 0xf9, (byte) (bits >> 8), (byte) bits});
      double value = CborFloat.half(bits);
      if (!Double.isFinite(value)) {
        assertThat(json).isEqualTo("null");
        continue;
      }
      assertThat(json).matches("-?\\d+\\.\\d+(E-?\\d+)?");
      double printed = Double.parseDouble(json);
      if (value == Math.rint(value)) {
        assertThat(printed).isEqualTo(value);
      }
      // Nearer to this half than to its neighbours.
      double ulp = Math.scalb(1.0, Math.max(-14, Math.getExponent(value)) - 10);
      assertThat(Math.abs(printed - value)).isLessThanOrEqualTo(ulp / 2);
      assertThat(Double.doubleToRawLongBits(printed) < 0).isEqualTo(bits >= 0x8000);
    }
  }
}
