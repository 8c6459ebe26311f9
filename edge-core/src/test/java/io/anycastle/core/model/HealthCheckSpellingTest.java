package io.anycastle.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Health checks as people write them. */
class HealthCheckSpellingTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            http                                  | {"type":"http"}
            none                                  | {"type":"none"}
            tcp:5432                              | {"type":"tcp","port":5432}
            https/health                          | {"type":"https","path":"/health"}
            http:8080/up?x=1;codes=2xx,301        | {"type":"http","port":8080,"path":"/up?x=1","expected_codes":"2xx,301"}
            http;body=a%2Cb%3Bc+d;interval=10     | {"type":"http","expected_body":"a,b;c+d","interval":10}
            http;method=HEAD;timeout=2;retries=1  | {"type":"http","method":"HEAD","timeout":2,"retries":1}
            http;body=7                           | {"type":"http","expected_body":"7"}
            # what is wrong stays, and is told of where it is checked
            http:port                             | {"type":"http:port"}
            http;interval=often                   | {"type":"http","interval":"often"}
            http;colour=red                       | {"type":"http","colour":"red"}
            http;body=%zz                         | {"type":"http","expected_body":"%zz"}
            """)
    void a_text_is_read_as_the_object_that_the_api_has(String text, String json) {
        assertThat(HealthCheckSpelling.read(text)).hasToString(json);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"http"}
            {"type":"tcp","port":5432,"retries":0}
            {"type":"http","port":8080,"path":"/up?x=1","method":"HEAD","host":"a.example:8080","expected_codes":"2xx,301","interval":10}
            {"type":"https","path":"/","expected_body":"a, b; c=d+e% ü \\\"","timeout":3}
            """)
    void an_object_is_written_so_that_it_is_read_again(String json) throws Exception {
        var fields = new com.fasterxml.jackson.databind.ObjectMapper().readTree(json);
        String text = HealthCheckSpelling.write(fields);
        assertThat(text).doesNotContain(" ").doesNotContain("\"");
        assertThat(HealthCheckSpelling.read(text)).isEqualTo(fields);
    }
}
