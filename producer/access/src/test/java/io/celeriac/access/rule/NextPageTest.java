package io.celeriac.access.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class NextPageTest {

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "tasks",
                "//evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "https://evil.example/",
                "javascript:alert(1)",
                "/\t/evil.example",
                "/tasks\r\nSet-Cookie: a=b",
                "/sign-in?then=/tasks"
            })
    void isTheFirstForWhatIsNoPageOfThisProgram(String asked) {
        assertThat(NextPage.of(asked)).isEqualTo("/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/tasks", "/tasks?q=state%3AFAILURE&cursor=a", "/tasks/a%2Fb", "/tasks?q=a:b//c"})
    void isThePageThatWasAskedFor(String asked) {
        assertThat(NextPage.of(asked)).isEqualTo(asked);
    }

    @Test
    void isKeptWithItsQueryWhileSomebodySignsIn() {
        var request = new MockHttpServletRequest("GET", "/jobs/tasks");
        request.setContextPath("/jobs");
        request.setQueryString("q=state%3AFAILURE&cursor=a");

        assertThat(NextPage.signIn(request)).isEqualTo("/sign-in?then=%2Ftasks%3Fq%3Dstate%253AFAILURE%26cursor%3Da");
    }

    @Test
    void isNotNamedWhenItIsTheFirst() {
        assertThat(NextPage.signIn(new MockHttpServletRequest("GET", "/"))).isEqualTo("/sign-in");
    }
}
