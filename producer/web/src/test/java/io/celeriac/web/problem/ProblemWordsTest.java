package io.celeriac.web.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

class ProblemWordsTest {

    private static final ProblemWords CHINESE = ProblemWords.of(Locale.SIMPLIFIED_CHINESE);

    @Test
    void sayASentenceWithItsValues() {
        assertThat(CHINESE.say("must be from 1 to 500")).isEqualTo("必须在 1 到 500 之间");
        assertThat(CHINESE.say("must be from 1 to 500, but is 0")).isEqualTo("必须在 1 到 500 之间，当前为 0");
        assertThat(CHINESE.say("there is no queue mail, only [default]")).isEqualTo("没有队列 mail，只有 [default]");
    }

    @Test
    void keepWhatAValueHasOfTheFormat() {
        assertThat(CHINESE.say("must match [a-z]{1,3}, but is \"it's {0}\""))
                .isEqualTo("必须符合 [a-z]{1,3}，当前为 \"it's {0}\"");
    }

    @Test
    void leaveAnUnknownSentenceInEnglish() {
        assertThat(CHINESE.say("quite another thing")).isEqualTo("quite another thing");
    }

    @Test
    void translateAProblemWithItsFields() {
        var problem = ProblemDetail.forStatusAndDetail(HttpStatus.UNPROCESSABLE_CONTENT, "name is required");
        problem.setProperty("errors", List.of(new FieldError("name", "is required")));

        CHINESE.translate(problem);

        assertThat(problem.getDetail()).isEqualTo("name 必填");
        assertThat(problem.getProperties()).containsEntry("errors", List.of(new FieldError("name", "必填")));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "en", "fr-FR,zh;q=0.5", "en-GB,en;q=0.9", "*", "not a header;;"})
    void areEnglishUnlessChineseComesFirst(String header) {
        assertThat(ProblemWords.of(header).areEnglish()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zh", "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans", "en;q=0.3,zh"})
    void areChineseForWhoAsksForIt(String header) {
        assertThat(ProblemWords.of(header).areEnglish()).isFalse();
    }
}
