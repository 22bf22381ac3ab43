package io.celeriac.djangoimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

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
        assertRefused("Unknown option: '--pause'", "--pause");
        assertRefused("Unknown option: '--source-password=secret'", "--source-password=secret");
        assertRefused("Unmatched argument at index 2: 'dry-run'", "dry-run");
        assertRefused("option '--paused' should be specified without 'true' parameter", "--paused=true");
        assertRefused("Missing required parameter for option '--report' (FILE)", "--report");
        assertRefused("--report needs a value", "--report=");
        assertRefused("--prefix must match [A-Za-z0-9_.:-]{0,100}, but is \"a b\"", "--prefix=a b");
        assertRefused("--queue-map must be old=new, but is \"mail\"", "--queue-map=mail");
        assertRefused("--queue-map: the new queue must match [a-z0-9-]{1,80}, but is \"B\"", "--queue-map=a=B");
        assertThatExceptionOfType(ParameterException.class)
                .isThrownBy(() -> parsed("--source-user=u"))
                .withMessage("Missing required option: '--source-url=URL'");
        assertThatExceptionOfType(ParameterException.class)
                .isThrownBy(() -> parsed("--source-url=u"))
                .withMessage("Missing required option: '--source-user=NAME'");
        assertThatExceptionOfType(ParameterException.class)
                .isThrownBy(() -> parsed("--source-url=", "--source-user=u"))
                .withMessage("--source-url needs a value");
    }

    static ImportOptions options(String... more) {
        var arguments = new ArrayList<>(List.of("--source-url=jdbc:mysql://h/d", "--source-user=u"));
        arguments.addAll(List.of(more));
        return parsed(arguments.toArray(String[]::new));
    }

    private static ImportOptions parsed(String... arguments) {
        var command = new TestedCommand();
        ImportApplication.commandLine(command).parseArgs(arguments);
        return command.arguments.options();
    }

    @Command
    private static final class TestedCommand {

        @Mixin
        private final ImportArguments arguments = new ImportArguments();
    }

    private static void assertRefused(String message, String argument) {
        assertThatExceptionOfType(ParameterException.class)
                .isThrownBy(() -> options(argument))
                .withMessage(message);
    }
}
