/** The programs of each source: FFmpeg and yt-dlp as everybody has them, and what they take is told of their source. */
import type { Child } from '#base/child.ts';
import { Crew, type CrewParts } from '#base/child-usage.ts';
import type { Clock } from '#base/clock.ts';
import type { Ffmpeg } from '#base/ffmpeg.ts';
import type { YtDlp } from '#base/yt-dlp.ts';
import type { HubBus } from '#model/signals.ts';

/** What one source starts programs with. */
export interface SourcePrograms {
  ffmpeg: Ffmpeg;
  ytDlp: YtDlp;
}

/** What programs are handed out with. */
export interface ProgramsParts extends SourcePrograms {
  bus: HubBus;
  clock: Clock;
  /** Reads what a process takes; the system's own way when left out. */
  read?: CrewParts['read'];
}

/** Hands out the programs of a source. */
export function programsOf(parts: ProgramsParts): (sourceId: string) => SourcePrograms {
  const crews = new Map<string, Crew>();
  const crewOf = (sourceId: string) => {
    const crew = crews.get(sourceId) ?? newCrew(parts, sourceId);
    crews.set(sourceId, crew);
    return crew;
  };
  const { ffmpeg, ytDlp } = parts;
  return sourceId => {
    const onStart = (child: Child) => {
      crewOf(sourceId).join(child);
      const forget = () => void (crews.get(sourceId)?.isEmpty && crews.delete(sourceId));
      child.exited.then(forget, forget);
    };
    return {
      ffmpeg: { ...ffmpeg, start: (args, options) => ffmpeg.start(args, { ...options, onStart }) },
      ytDlp: { ...ytDlp, find: search => ytDlp.find({ ...search, onStart }) },
    };
  };
}

function newCrew({ bus, clock, read }: ProgramsParts, sourceId: string): Crew {
  return new Crew({
    clock,
    read,
    told: usage => bus.emit('source.weighed', { sourceId, at: clock.now(), programs: usage ?? null }),
  });
}
