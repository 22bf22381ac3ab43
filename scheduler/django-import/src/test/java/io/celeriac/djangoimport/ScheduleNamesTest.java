package io.celeriac.djangoimport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleNamesTest {

    @Test
    void keepsWhatFitsAndReplacesWhatDoesNot() {
        assertThat(names("", "proj.tasks.report:daily", "nightly  report (EU)", "毎日", "", "---", "a-"))
                .containsExactly("proj.tasks.report:daily", "nightly-report-EU-", "task", "task-4", "---", "a-");
    }

    @Test
    void tellsApartWhatWouldBeTheSame() {
        assertThat(names("", "a b", "a/b", "a-b", "a-b-2")).containsExactly("a-b-1", "a-b-2-2", "a-b", "a-b-2");
    }

    @Test
    void givesNoNameThatMeansSomethingElseInAPath() {
        assertThat(names("", "..", "events", "events-2")).containsExactly("..-1", "events-2-2", "events-2");
    }

    @Test
    void putsThePrefixInFrontAndCutsWhatIsTooLong() {
        var longest = "x".repeat(200);

        assertThat(names("old.", "a", longest, longest.substring(1) + "y"))
                .containsExactly("old.a", "old." + "x".repeat(196), "old." + "x".repeat(194) + "-3");
    }

    @Test
    void givesEveryTaskANameOfItsOwn() {
        var all = names(
                "",
                IntStream.range(0, 50)
                        .mapToObj(each -> "a" + " ".repeat(each + 1) + "b")
                        .toArray(String[]::new));

        assertThat(all).doesNotHaveDuplicates().allMatch(name -> name.matches("a-b(-\\d+)?"));
        assertThat(Collections.frequency(all, "a-b")).isEqualTo(1);
    }

    private static List<String> names(String prefix, String... names) {
        var tasks = IntStream.range(0, names.length)
                .mapToObj(each -> Tasks.named(each + 1, names[each]))
                .toList();
        var given = ScheduleNames.of(prefix, tasks);
        assertThat(given).hasSize(Arrays.asList(names).size());
        return tasks.stream().map(task -> given.get(task.id())).toList();
    }
}
