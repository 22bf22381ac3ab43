package io.celeriac.djangoimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImportOptionsTest {

    @Test
    void readsAll() {
        assertThat(options(
                        "--prefix=old.",
                        "--queue-map=Mail=mail",
                        "--queue-map=a=b=c",
                        "--redis-priorities",
                        "--paused",
                        "--overwrite",
                        "--dry-run",
                        "--report=report.json"))
                .isEqualTo(new ImportOptions(
                        "jdbc:mysql://h/d",
                        "u",
                        "old.",
                        Map.of("Mail", "mail", "a=b", "c"),
                        true,
                        true,
                        true,
                        true,
                        Path.of("report.json")));
        assertThat(options())
                .isEqualTo(new ImportOptions("jdbc:mysql://h/d", "u", "", Map.of(), false, false, false, false, null));
    }

    @Test
    void saysWhatIsWrong() {
        assertRefused("--pause is not known here", "--pause");
        assertRefused("--source-password is not known here", "--source-password=secret");
        assertRefused("\"dry-run\" is not known here; options are written --name=value", "dry-run");
        assertRefused("--paused has no value", "--paused=true");
        assertRefused("--report needs a value", "--report");
        assertRefused("--prefix must match [A-Za-z0-9_.:-]{0,100}, but is \"a b\"", "--prefix=a b");
        assertRefused("--queue-map must be old=new, but is \"mail\"", "--queue-map=mail");
        assertRefused("--queue-map: the new queue must match [a-z0-9-]{1,80}, but is \"B\"", "--queue-map=a=B");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImportOptions.of(List.of("--source-user=u")))
                .withMessage("--source-url is required");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImportOptions.of(List.of("--source-url=u")))
                .withMessage("--source-user is required");
    }

    static ImportOptions options(String... more) {
        var arguments = new ArrayList<>(List.of("--source-url=jdbc:mysql://h/d", "--source-user=u"));
        arguments.addAll(List.of(more));
        return ImportOptions.of(arguments);
    }

    private static void assertRefused(String message, String argument) {
        assertThatIllegalArgumentException().isThrownBy(() -> options(argument)).withMessage(message);
    }
}
