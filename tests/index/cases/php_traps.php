<html><?php
namespace App\Http;
use Foo\{function gf, const GC as X, Sub\Cls};
use function Foo\helper;
require __DIR__ . '/boot.php';
require_once('x.php');
include "z{$x}.php";
define('DEFINED', 3);
[$aa, $bb] = f();
#[Attr(1)]
abstract class Store extends Base
{
    use SomeTrait { foo as protected bar; }
    private const HIDDEN = 1;
    public ?string $name = null, $second;
    public function __construct(private readonly int $id, protected array $opts = []) { parent::__construct($id); }
    abstract protected function ab(int &$ref, string ...$rest): static;
    private function hid() { return $this?->foo?->bar($a, ...$b)->z(name: 1); }
    public static function make() { self::$inst = static::make(...); return new static(1); }
}
enum Suit: string { case Hearts = 'H'; }
$made = new class(1) extends Store { public function anon() {} };
