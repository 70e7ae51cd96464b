package io.tanja.cli;

import io.tanja.install.InstallException;
import io.tanja.install.command.ImagesCommand;
import io.tanja.install.image.StartTraining;
import io.tanja.lab.sandbox.SidecarProgram;
import io.tanja.lab.training.Training;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes the commands; those that need another module's means get them here. */
final class Commands implements IFactory {
    private static final StartTraining TRAINING = Commands::train;

    @Override
    public <K> K create(Class<K> type) throws Exception {
        return type == ImagesCommand.class
                ? type.cast(new ImagesCommand(TRAINING))
                : CommandLine.defaultFactory().create(type);
    }

    private static void train(Path javaHome, List<Path> classPath, List<String> flags, Path cache)
            throws InterruptedException, InstallException {
        SidecarProgram sidecar = new SidecarProgram(
                javaHome.toString(), classPath.stream().map(Path::toString).toList(), flags);
        try {
            new Training(line -> System.err.println("tanja images: " + line)).run(cache, sidecar);
        } catch (IOException e) {
            throw new InstallException(
                    "the AOT cache",
                    "cannot be made: " + e.getMessage(),
                    "mend that, or leave it out with --no-training");
        }
    }
}
