package io.tanja.model.inject;

/** Whether a pod gets a sidecar, and why. */
public sealed interface InjectionDecision {
    /** Why, as a clause for people. */
    String reason();

    /** Whether the pod gets a sidecar. */
    boolean inject();

    /**
     * It gets one.
     *
     * @param reason what asked for it
     */
    record Inject(String reason) implements InjectionDecision {
        @Override
        public boolean inject() {
            return true;
        }
    }

    /**
     * It gets none.
     *
     * @param reason what stands against it, or that nothing asked for it
     * @param asked whether its namespace or the pod asked for a sidecar: somebody must then be told that there is none
     */
    record Skip(String reason, boolean asked) implements InjectionDecision {
        @Override
        public boolean inject() {
            return false;
        }
    }
}
