package io.celeriac.resultsweb.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.resultsweb.page.TaskColumns.Column;
import jakarta.servlet.http.Cookie;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class TaskColumnsTest {

    @Test
    void areTheDefaultOnesWithoutACookie() {
        var columns = TaskColumns.of(new MockHttpServletRequest());

        assertThat(columns.has(Column.QUEUE)).isTrue();
        assertThat(columns.has(Column.WORKER)).isFalse();
    }

    @Test
    void comeBackFromTheirCookieInTheOrderOfTheTable() {
        var cookie = TaskColumns.of(List.of("submitted", "worker", "queue")).cookie("");

        assertThat(cookie.getPath()).isEqualTo("/");
        assertThat(asked(cookie.getName(), cookie.getValue()).shown())
                .containsExactly(Column.QUEUE, Column.WORKER, Column.SUBMITTED);
    }

    @Test
    void canBeNone() {
        var cookie = TaskColumns.of(List.of("")).cookie("/celeriac");

        assertThat(cookie.getPath()).isEqualTo("/celeriac");
        assertThat(asked(cookie.getName(), cookie.getValue()).shown()).isEmpty();
    }

    @Test
    void passOverWhatSomebodyElseHasPutIntoTheCookie() {
        assertThat(asked("celeriac-columns", "queue.nonsense.queue..<b>").shown())
                .containsExactly(Column.QUEUE);
    }

    private static TaskColumns asked(String name, String value) {
        var request = new MockHttpServletRequest();
        request.setCookies(new Cookie(name, value));
        return TaskColumns.of(request);
    }
}
